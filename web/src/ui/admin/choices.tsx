interface ChoicesProps<T extends string> {
  legend: string;
  all: readonly T[];
  words: Readonly<Record<T, string>>;
  chosen: readonly T[];
  testId: string;
  onChoose(chosen: readonly T[]): void;
}

/** Any of several. */
export function Choices<T extends string>({ legend, all, words, chosen, testId, onChoose }: ChoicesProps<T>) {
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {all.map((one) => (
        <label key={one} class="choice">
          <input
            type="checkbox"
            data-testid={`${testId}-${one}`}
            checked={chosen.includes(one)}
            onChange={(event) =>
              onChoose(event.currentTarget.checked ? [...chosen, one] : chosen.filter((other) => other !== one))
            }
          />
          <span>{words[one]}</span>
        </label>
      ))}
    </fieldset>
  );
}
