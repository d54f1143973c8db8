/** The parts of an OpenAPI 3.1 document that the page shows. */
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>;
}

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  oneOf?: Schema[];
}

export interface Answer {
  status: string;
  /** Of what form, or null for none. */
  form: string | null;
  /** The codes of a refusal, or null. */
  refusals: string | null;
}

export interface Call {
  id: string;
  method: string;
  path: string;
  summary: string;
  more: string;
  takesSecret: boolean;
  /** Which a key needs, or null. */
  scope: string | null;
  parameters: { name: string; form: string; required: boolean }[];
  body: string | null;
  answers: Answer[];
}

export interface CallGroup {
  name: string;
  calls: Call[];
}

export interface Form {
  name: string;
  description: string;
  fields: { name: string; form: string; description: string }[];
  /** The names it may be, when it is one of a few words. */
  words: string[];
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** The calls by what they are about, in the document's order. */
export function groupsOf(document: OpenApi): CallGroup[] {
  const groups = new Map<string, Call[]>();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = operations[method];
      if (operation) {
        const name = operation.tags?.[0] ?? '';
        groups.set(name, [...(groups.get(name) ?? []), callOf(method, path, operation)]);
      }
    }
  }
  return [...groups].map(([name, calls]) => ({ name, calls }));
}

/** The forms that calls name, in alphabetical order. */
export function formsOf(document: OpenApi): Form[] {
  return Object.entries(document.components?.schemas ?? {})
    .map(([name, schema]) => ({
      name,
      description: schema.description ?? '',
      fields: Object.entries(schema.properties ?? {}).map(([field, value]) => ({
        name: field,
        form: formOf(value),
        description: value.description ?? '',
      })),
      words: (schema.enum ?? []).filter((word) => word !== null).map(String),
    }))
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** A schema in a word or two: `string`, `Participant[]`, `MeetingMode?`. */
export function formOf(schema: Schema | undefined): string {
  if (!schema) {
    return '';
  }
  if (schema.$ref) {
    return schema.$ref.split('/').at(-1) ?? '';
  }
  if (schema.oneOf) {
    const some = schema.oneOf.filter((one) => one.type !== 'null');
    return some.map(formOf).join(' | ') + (some.length < schema.oneOf.length ? '?' : '');
  }
  const types = Array.isArray(schema.type) ? schema.type : schema.type ? [schema.type] : [];
  // A number may also come as a string of digits, as the generator says: people need not know.
  const named = types.filter((type) => type !== 'null' && !(type === 'string' && types.includes('integer')));
  return (
    (named.length > 0 ? named.map((type) => one(type, schema)).join(' | ') : 'any') +
    (types.includes('null') ? '?' : '')
  );
}

function one(type: string, schema: Schema): string {
  if (type === 'array') {
    return `${formOf(schema.items)}[]`;
  }
  if (type === 'object' && typeof schema.additionalProperties === 'object') {
    return `{ [name]: ${formOf(schema.additionalProperties)} }`;
  }
  return schema.format === 'date-time' ? 'time' : type;
}

function callOf(method: string, path: string, operation: Operation): Call {
  return {
    id: operation.operationId ?? `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? '',
    more: operation.description ?? '',
    takesSecret: operation.security?.some((way) => way.secret !== undefined) ?? false,
    scope: operation.security?.find((way) => way.key)?.key?.[0] ?? null,
    parameters: (operation.parameters ?? []).map((parameter) => ({
      name: parameter.name,
      form: formOf(parameter.schema),
      required: parameter.required ?? parameter.in === 'path',
    })),
    body: operation.requestBody ? firstForm(operation.requestBody.content) : null,
    answers: Object.entries(operation.responses).map(([status, answer]) => ({
      status,
      form: status.startsWith('2') && answer.content ? firstForm(answer.content) : null,
      refusals: status.startsWith('2') ? null : (answer.description ?? ''),
    })),
  };
}

function firstForm(content: Record<string, { schema?: Schema }>): string | null {
  const [kind, first] = Object.entries(content)[0] ?? [];
  return kind === undefined ? null : kind.includes('json') ? formOf(first?.schema) : kind;
}
