// A picture as a vector graphic: the text of an SVG file, in which names are text and nothing else. No DOM but for the
// pictures of pixels that are laid into it.

import type { Box } from "../paint";
import { BASELINE, FAMILY, type Fill, type Lettering, type Pen, type Point, type Stroke } from "./pen";

type Attributes = Readonly<Record<string, string | number | undefined>>;

export class SvgPen implements Pen {
  readonly vector = true;
  private readonly parts: string[] = [];
  private clips = 0;

  rect({ left, top, width, height }: Box, look: Fill): void {
    this.put("rect", { x: left, y: top, width, height, ...looks(look) });
  }

  dot([cx, cy]: Point, r: number, look: Fill & { opacity?: number }): void {
    this.put("circle", { cx, cy, r, ...looks(look), opacity: look.opacity });
  }

  lines(all: readonly (readonly Point[])[], { stroke, width, dashes }: Stroke): void {
    const d = all.map((points) => `M${points.map((point) => point.map(short).join(" ")).join("L")}`).join("");
    const dashed = dashes && dashes.length > 0 ? { "stroke-dasharray": dashes.join(" ") } : {};
    this.put("path", { d, ...looks({ stroke, width }), ...dashed, "stroke-linejoin": "round" });
  }

  text(says: string, [x, y]: Point, look: Lettering): void {
    const anchor = look.anchor && look.anchor !== "start" ? { "text-anchor": look.anchor } : {};
    const halo = look.halo
      ? { ...looks({ stroke: look.halo, width: 4 }), "stroke-linejoin": "round", "paint-order": "stroke" }
      : {};
    this.put(
      "text",
      {
        x,
        y: y + BASELINE * look.size,
        transform: look.turned ? `rotate(-90 ${short(x)} ${short(y)})` : undefined,
        "font-size": look.size,
        "font-weight": look.bold ? 600 : undefined,
        ...anchor,
        ...halo,
        ...looks({ fill: look.colour }),
      },
      says,
    );
  }

  image(source: HTMLCanvasElement, { left, top, width, height }: Box, crisp = false): void {
    this.put("image", {
      x: left,
      y: top,
      width,
      height,
      preserveAspectRatio: "none",
      "image-rendering": crisp ? "pixelated" : undefined,
      href: source.toDataURL("image/png"),
    });
  }

  moved([x, y]: Point, scale: number, draw: () => void): void {
    this.parts.push(`<g transform="translate(${short(x)} ${short(y)}) scale(${scale})">`);
    draw();
    this.parts.push("</g>");
  }

  within({ left, top, width, height }: Box, draw: () => void): void {
    this.clips += 1;
    const id = `within-${this.clips}`;
    this.parts.push(`<clipPath id="${id}">`);
    this.put("rect", { x: left, y: top, width, height });
    this.parts.push(`</clipPath><g clip-path="url(#${id})">`);
    draw();
    this.parts.push("</g>");
  }

  /** The file: that large, with what it shows as its title. */
  written(width: number, height: number, title: string): string {
    const size = `width="${short(width)}" height="${short(height)}" viewBox="0 0 ${short(width)} ${short(height)}"`;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${escaped(FAMILY)}">`,
      `<title>${escaped(title)}</title>`,
      ...this.parts,
      "</svg>\n",
    ].join("\n");
  }

  private put(name: string, attributes: Attributes, says?: string): void {
    const written = Object.entries(attributes)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}="${typeof value === "number" ? short(value) : escaped(value ?? "")}"`)
      .join("");
    this.parts.push(
      says === undefined ? `<${name}${written}/>` : `<${name}${written}>${escaped(says)}</${name}>`,
    );
  }
}

const short = (value: number): string => String(Number(value.toFixed(2)));

/** A text as XML has it; what XML has no way to write is left out. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function looks({ fill, stroke, width }: Fill): Attributes {
  const inside = fill === undefined ? { fill: "none" } : painted("fill", fill);
  return stroke === undefined ? inside : { ...inside, ...painted("stroke", stroke), "stroke-width": width };
}

/** A colour of the page in the way that every program reads. */
function painted(which: "fill" | "stroke", colour: string): Attributes {
  const [red, green, blue, alpha] = (colour.match(/^rgba?\((.*)\)$/)?.[1] ?? "").match(/[\d.]+/g) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return { [which]: colour };
  const hex = [red, green, blue].map((channel) => Math.round(Number(channel)).toString(16).padStart(2, "0"));
  const solid = { [which]: `#${hex.join("")}` };
  return alpha === undefined || Number(alpha) === 1
    ? solid
    : { ...solid, [`${which}-opacity`]: Number(alpha) };
}
