import { expect, test } from "vitest";
import { fitted, inLines } from "./pen";
import { escaped, SvgPen } from "./svg-pen";

const perLetter = (text: string): number => [...text].length;

test("names are text, whatever they look like (X-02)", () => {
  expect(escaped(`<b onload="x()">&amp;</b>`)).toBe("&lt;b onload=&quot;x()&quot;&gt;&amp;amp;&lt;/b&gt;");
  expect(escaped("a\u0000b\u001Bc\uD800d\uFFFEe 🎉 é")).toBe("abcde 🎉 é");
  const pen = new SvgPen();
  pen.text("</text><script>1</script>", [1, 2], { size: 10, colour: "#000" });
  const written = pen.written(10, 10, "<title>");
  expect(written).toContain(">&lt;/text&gt;&lt;script&gt;1&lt;/script&gt;</text>");
  expect(written).toContain("<title>&lt;title&gt;</title>");
});

test("colours are written so that every program reads them", () => {
  const pen = new SvgPen();
  pen.rect({ left: 1, top: 2, width: 3.14159, height: 4 }, { fill: "rgb(18 92 178 / 0.5)" });
  pen.dot([1, 2], 3, { fill: "rgb(255, 0, 0)", stroke: "#123456", width: 2, opacity: 0.85 });
  const written = pen.written(10, 10, "");
  expect(written).toContain('<rect x="1" y="2" width="3.14" height="4" fill="#125cb2" fill-opacity="0.5"/>');
  expect(written).toContain('fill="#ff0000" stroke="#123456" stroke-width="2" opacity="0.85"/>');
});

test("lines are paths, and what only a frame has is not filled", () => {
  const pen = new SvgPen();
  pen.lines(
    [
      [
        [0, 0],
        [1, 2],
      ],
      [
        [3, 4],
        [5, 6],
      ],
    ],
    { stroke: "#000000", width: 1, dashes: [4, 2] },
  );
  pen.rect({ left: 0, top: 0, width: 1, height: 1 }, { stroke: "#000000" });
  const written = pen.written(10, 10, "");
  expect(written).toContain('d="M0 0L1 2M3 4L5 6" fill="none"');
  expect(written).toContain('stroke-dasharray="4 2"');
  expect(written.match(/fill="none"/g)).toHaveLength(2);
});

test("a text is cut where there is no room for it, and broken between words", () => {
  expect(fitted("seven", 5, perLetter)).toBe("seven");
  expect(fitted("seven of them", 8, perLetter)).toBe("seven o…");
  expect(fitted("seven of them", 7, perLetter)).toBe("seven…");
  expect(inLines("one two three", 7, perLetter)).toEqual(["one two", "three"]);
  expect(inLines("immeasurable one", 5, perLetter)).toEqual(["immeasurable", "one"]);
  expect(inLines("", 5, perLetter)).toEqual([""]);
});
