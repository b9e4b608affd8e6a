// The few pictures on buttons; each button also has its name in words.

import type { JSX } from "preact";

const SHAPES = {
  map: (
    <>
      <circle cx="4.5" cy="5" r="1.6" fill="currentColor" stroke="none" />
      <circle cx="7.5" cy="3.6" r="1.2" fill="currentColor" stroke="none" />
      <circle cx="11.8" cy="9.6" r="1.6" fill="currentColor" stroke="none" />
      <circle cx="9.4" cy="12.2" r="1.2" fill="currentColor" stroke="none" />
      <circle cx="4.4" cy="11.4" r="1.2" fill="currentColor" stroke="none" />
    </>
  ),
  cube: <path d="M8 1.8l5.6 3.1v6.2L8 14.2l-5.6-3.1V4.9zM2.4 4.9L8 8l5.6-3.1M8 8v6.2" />,
  components: (
    <>
      <path d="M2.5 13.5L13.2 4.4M10.2 4h3.3v3.2M5 7.4L3 5.1" />
      <circle cx="6.2" cy="10.6" r="1" fill="currentColor" stroke="none" />
      <circle cx="9.4" cy="9" r="1" fill="currentColor" stroke="none" />
      <circle cx="8" cy="6.6" r="1" fill="currentColor" stroke="none" />
      <circle cx="11.6" cy="9.8" r="1" fill="currentColor" stroke="none" />
    </>
  ),
  tour: <path d="M3 13.5v-11M3 3h8.5l-1.8 2.6 1.8 2.6H3M9 13.5h4.5" />,
  play: <path d="M4.5 2.8v10.4L13 8z" fill="currentColor" stroke="none" />,
  pause: <path d="M4 3h3v10H4zM9 3h3v10H9z" fill="currentColor" stroke="none" />,
  step: <path d="M3.5 3v10l6.5-5zM11 3h2v10h-2z" fill="currentColor" stroke="none" />,
  stop: <path d="M3.5 3.5h9v9h-9z" fill="currentColor" stroke="none" />,
  reset: <path d="M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3" />,
  dice: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2" />
      <path d="M5.6 5.6h.01M10.4 5.6h.01M8 8h.01M5.6 10.4h.01M10.4 10.4h.01" stroke-width="1.9" />
    </>
  ),
  fit: <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />,
  system: <path d="M8 2.5a5.5 5.5 0 0 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11z" class="half" />,
  light: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M12.8 3.2l-1.1 1.1M4.3 11.7l-1.1 1.1" />
    </>
  ),
  dark: <path d="M13.2 9.6A5.7 5.7 0 0 1 6.4 2.8a5.7 5.7 0 1 0 6.8 6.8z" />,
  picture: (
    <>
      <rect x="2.5" y="2.5" width="4.6" height="4.6" />
      <rect x="8.9" y="2.5" width="4.6" height="4.6" />
      <rect x="2.5" y="8.9" width="4.6" height="4.6" />
      <rect x="8.9" y="8.9" width="4.6" height="4.6" />
    </>
  ),
  lasso: (
    <path d="M5 11.2C1.6 9.8 1.4 5.6 4.4 3.8c3-1.8 8-1.2 9.2 1.6 1.2 2.9-2.2 5.5-6 5.4M5.6 9.4c1.6-.5 2.9.7 2.2 2-.6 1.2-2.3 1.3-3 2.4" />
  ),
  labels: <path d="M2.5 2.5h5.2l5.8 5.8-5.2 5.2-5.8-5.8zM5.4 5.4h.01" />,
  compare: <path d="M2.5 3h4.8v10H2.5zM8.7 3h4.8v10H8.7z" />,
  down: <path d="M4 6.2l4 4 4-4" />,
  file: <path d="M9 2H4.5v12h7V4.5zM9 2v2.5h2.5" />,
  folder: <path d="M2 12.8V3.4h4.2l1.6 1.8H14v7.6z" />,
  into: <path d="M8 2v8M4.8 7L8 10.2 11.2 7M2.5 11v2.5h11V11" />,
  gallery: <path d="M2.5 2.5h4.6v4.6H2.5zM8.9 2.5h4.6v4.6H8.9zM2.5 8.9h4.6v4.6H2.5zM8.9 8.9h4.6v4.6H8.9z" />,
  image: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" />
      <path d="M2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11" />
      <path d="M6.2 6.2h3.6v3.6H6.2z" fill="currentColor" />
    </>
  ),
  matrix: (
    <>
      <path d="M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11" />
      <path d="M2.5 2.5h3.7v3.7H2.5zM6.2 6.2h3.6v3.6H6.2zM9.8 9.8h3.7v3.7H9.8z" fill="currentColor" />
    </>
  ),
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />,
  chart: <path d="M2.5 2.5v11h11M5.5 11V8M8.5 11V4.5M11.5 11V6.5" />,
  pen: <path d="M2.5 13.5l.8-3.2 7.6-7.6 2.4 2.4-7.6 7.6zM9.4 4.2l2.4 2.4" />,
  book: (
    <path d="M8 4.2C6.4 3 4.6 2.8 2.5 3v9.4c2.1-.2 3.9 0 5.5 1.1 1.6-1.1 3.4-1.3 5.5-1.1V3C11.4 2.8 9.6 3 8 4.2zM8 4.2v9.3" />
  ),
  search: <path d="M7 2.8a4.2 4.2 0 1 0 0 8.4a4.2 4.2 0 0 0 0-8.4zM10.2 10.2L13.6 13.6" />,
  more: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.2" />,
  edges: (
    <>
      <path d="M3.6 4.2L11.8 3.4M3.6 4.2L6.4 12M11.8 3.4L6.4 12M6.4 12l6.6-2.2" />
      <circle cx="3.6" cy="4.2" r="1.3" fill="currentColor" stroke="none" />
      <circle cx="11.8" cy="3.4" r="1.3" fill="currentColor" stroke="none" />
      <circle cx="6.4" cy="12" r="1.3" fill="currentColor" stroke="none" />
      <circle cx="13" cy="9.8" r="1.3" fill="currentColor" stroke="none" />
    </>
  ),
  up: <path d="M8 13V3M4 7l4-4 4 4" />,
  downward: <path d="M8 3v10M4 9l4 4 4-4" />,
  close: <path d="M4 4l8 8M12 4l-8 8" />,
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}

export function Flake(): JSX.Element {
  return (
    <svg class="flake" viewBox="0 0 32 32" aria-hidden="true">
      <path class="glass" d="M5 22a11.5 11.5 0 1 1 22 0z" />
      <path class="foot" d="M6 24h20l2 5H4z" />
      <circle cx="12" cy="11" r="1.6" />
      <circle cx="19.5" cy="9.5" r="1.3" />
      <circle cx="16" cy="16" r="1.8" />
      <circle cx="22" cy="16" r="1.4" />
      <circle cx="10" cy="18" r="1.4" />
    </svg>
  );
}
