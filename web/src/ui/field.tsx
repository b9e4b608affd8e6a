// A field for one declared option: what it is, what stands in it, and what is wrong with that.

import type { JSX } from "preact";
import { allowed, choiceName, labelOf, problem, shownAs } from "../form";
import type { OptionRecord } from "../net/wire";

interface OptionFieldProps {
  option: OptionRecord;
  text: string;
  /** begins the ids of its elements */
  prefix?: string;
  /** what the app said against it */
  refused?: string;
  onText: (text: string) => void;
}

export function OptionField(props: OptionFieldProps): JSX.Element {
  const { option, text, prefix = "option", refused = "", onText } = props;
  const wrong = problem(option, text) || refused;
  const common = {
    id: `${prefix}-${option.name}`,
    "aria-invalid": wrong !== "",
    "aria-describedby": `${prefix}-says-${option.name}`,
  };
  return (
    <div class="option">
      <label class="field" for={common.id} title={`${option.help}; ${allowed(option)}`}>
        <span>{labelOf(option)}</span>
        {option.kind === "flag" ? (
          <input
            {...common}
            type="checkbox"
            checked={text === "true"}
            onChange={(event) => onText(String(event.currentTarget.checked))}
          />
        ) : option.choices.length > 0 ? (
          <select {...common} value={text} onChange={(event) => onText(event.currentTarget.value)}>
            {[...(option.optional && !option.choices.includes(null) ? [null] : []), ...option.choices].map(
              (choice) => (
                <option key={shownAs(choice)} value={shownAs(choice)}>
                  {choiceName(choice)}
                </option>
              ),
            )}
          </select>
        ) : (
          <input
            {...common}
            type="text"
            inputMode={option.kind === "text" || option.kind === "texts" ? "text" : "decimal"}
            autoComplete="off"
            spellcheck={false}
            placeholder={option.kind === "texts" ? "name, name" : ""}
            value={text}
            onInput={(event) => onText(event.currentTarget.value)}
          />
        )}
      </label>
      <p id={`${prefix}-says-${option.name}`} class={wrong ? "wrong" : "quiet"}>
        {wrong || option.help}
      </p>
    </div>
  );
}
