import { type ReactNode, useState } from 'react';

type SureButtonProps = { readonly children: ReactNode; readonly sure: string; readonly isDanger?: boolean; readonly onClick: () => void };

/** A button for what is not done by mistake: the first press asks, the second one does it. */
export function SureButton({ children, sure, isDanger = false, onClick }: SureButtonProps) {
  const [isAsked, setIsAsked] = useState(false);
  const press = (): void => {
    setIsAsked(!isAsked);
    if (isAsked) onClick();
  };
  return (
    <button type="button" className="button" data-kind={isDanger || isAsked ? 'danger' : undefined} onClick={press} onBlur={() => setIsAsked(false)}>
      {isAsked ? sure : children}
    </button>
  );
}
