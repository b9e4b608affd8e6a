// Light, dark, or as the system says; the choice is kept in the browser where it may be.

import { computed, effect, signal } from "@preact/signals";
import { type Rgb, valueRamp } from "./palette";

export type ThemeChoice = "system" | "light" | "dark";

const KEY = "snowdome.theme";
const NEXT: Record<ThemeChoice, ThemeChoice> = { system: "light", light: "dark", dark: "system" };
const darkSystem = window.matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(darkSystem.matches);

export const themeChoice = signal<ThemeChoice>(kept());
export const dark = computed(() =>
  themeChoice.value === "system" ? systemIsDark.value : themeChoice.value === "dark",
);

export const ground = computed<Rgb>(() => (dark.value ? [0x0e, 0x11, 0x16] : [0xff, 0xff, 0xff]));

export const ramp = computed(() => valueRamp(dark.value));

function kept(): ThemeChoice {
  try {
    const value = window.localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system"; // storage is switched off: the choice then lasts as long as the page
  }
}

export function nextTheme(): void {
  themeChoice.value = NEXT[themeChoice.value];
  try {
    window.localStorage.setItem(KEY, themeChoice.value);
  } catch {
    return; // as above
  }
}

export function startTheme(): void {
  darkSystem.addEventListener("change", (event) => {
    systemIsDark.value = event.matches;
  });
  effect(() => {
    document.documentElement.dataset.theme = dark.value ? "dark" : "light";
  });
}
