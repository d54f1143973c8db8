import { describe, expect, it } from 'vitest';
import { formOf, formsOf, groupsOf, type OpenApi } from '../../src/signalling/apiDocument';

const document: OpenApi = {
  paths: {
    '/api/meetings/{id}': {
      get: {
        operationId: 'getMeeting',
        summary: 'An open meeting',
        tags: ['Meetings'],
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/MeetingSummary' } } } },
          '404': { description: 'meetingUnknown' },
        },
      },
      delete: {
        operationId: 'cancelMeeting',
        tags: ['Meetings'],
        security: [{ secret: [] }, { key: ['meetings:write'] }, { session: [] }],
        responses: { '204': {} },
      },
    },
    '/api/records/{id}/chat.csv': {
      get: { tags: ['Records'], responses: { '200': { content: { 'text/csv': {} } } } },
    },
  },
  components: {
    schemas: {
      MeetingSummary: {
        type: 'object',
        properties: { id: { type: 'string' }, startedAt: { type: 'string', format: 'date-time' } },
      },
      MeetingMode: { enum: ['server', 'peerToPeer'] },
    },
  },
};

describe('the calls of an OpenAPI document', () => {
  it('come by group, with what they take, answer and refuse', () => {
    const [meetings, records] = groupsOf(document);
    expect(meetings?.name).toBe('Meetings');
    expect(meetings?.calls.map((call) => `${call.method} ${call.path}`)).toEqual([
      'GET /api/meetings/{id}',
      'DELETE /api/meetings/{id}',
    ]);
    expect(meetings?.calls[0]).toMatchObject({
      takesSecret: false,
      scope: null,
      parameters: [{ name: 'id', form: 'string', required: true }],
      answers: [
        { status: '200', form: 'MeetingSummary', refusals: null },
        { status: '404', form: null, refusals: 'meetingUnknown' },
      ],
    });
    expect(meetings?.calls[1]).toMatchObject({
      takesSecret: true,
      scope: 'meetings:write',
      answers: [{ status: '204', form: null }],
    });
    expect(records?.calls[0]?.answers[0]?.form).toBe('text/csv');
  });

  it('name forms, which are listed with their fields or words', () => {
    expect(formsOf(document)).toEqual([
      { name: 'MeetingMode', description: '', fields: [], words: ['server', 'peerToPeer'] },
      {
        name: 'MeetingSummary',
        description: '',
        fields: [
          { name: 'id', form: 'string', description: '' },
          { name: 'startedAt', form: 'time', description: '' },
        ],
        words: [],
      },
    ]);
  });
});

describe('a schema in a word or two', () => {
  it.each([
    [{ type: 'boolean' }, 'boolean'],
    [{ type: ['null', 'string'] }, 'string?'],
    [{ type: ['integer', 'string'], format: 'int32' }, 'integer'],
    [{ type: 'array', items: { $ref: '#/components/schemas/Participant' } }, 'Participant[]'],
    [{ oneOf: [{ type: 'null' }, { $ref: '#/components/schemas/LegState' }] }, 'LegState?'],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, '{ [name]: integer }'],
    [{}, 'any'],
    [undefined, ''],
  ])('%j is %s', (schema, form) => {
    expect(formOf(schema)).toBe(form);
  });
});
