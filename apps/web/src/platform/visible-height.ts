/**
 * Keeps `--visible-height` at what is left above an on-screen keyboard. iOS lays the keyboard over the page without
 * making it smaller, whatever the style sheet says.
 */
export function followVisibleHeight(): void {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const update = (): void => {
    const isZoomed = viewport.scale > 1.01;
    if (isZoomed) document.documentElement.style.removeProperty('--visible-height');
    else document.documentElement.style.setProperty('--visible-height', `${viewport.height}px`);
  };
  viewport.addEventListener('resize', update);
  update();
}
