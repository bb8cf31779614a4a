import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { pathOf, type Route } from '../platform/router.ts';
import { useApp } from './app-context.ts';

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { readonly to: Route };

/** A link within the app: opens in another tab like any other, and here without loading the page anew. */
export function Link({ to, ...rest }: LinkProps) {
  const { router } = useApp();
  const onClick = (event: MouseEvent<HTMLAnchorElement>): void => {
    rest.onClick?.(event);
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !isPlain) return;
    event.preventDefault();
    router.go(to);
  };
  return <a {...rest} href={pathOf(to)} onClick={onClick} />;
}
