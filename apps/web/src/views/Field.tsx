import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

type FieldProps = InputHTMLAttributes<HTMLInputElement> & {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly problem?: string | undefined;
  /** Stands inside the field, at its end. */
  readonly children?: ReactNode;
};

/** A labelled text field that says what it wants and what is wrong with it. */
export function Field({ label, hint, problem, children, ...input }: FieldProps) {
  const id = useId();
  const description = problem ?? hint;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>{label}</label>
      <span className="field-row">
        <input
          {...input}
          id={id}
          className="field-input"
          aria-invalid={problem !== undefined}
          aria-describedby={description === undefined ? undefined : `${id}-about`}
        />
        {children}
      </span>
      {description !== undefined && (
        <span id={`${id}-about`} className={problem ? 'field-error' : 'field-hint'} role={problem ? 'alert' : undefined}>
          {description}
        </span>
      )}
    </div>
  );
}
