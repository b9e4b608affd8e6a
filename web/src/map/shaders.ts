// GLSL 3 of the dots. Colours and visibility come from a small texture, one texel per class, so that switching
// a class or changing the theme uploads a few bytes and no row; the same holds for the ramp of a value.

import { BETWEEN, GREYED, HAZE, HAZE_OF_VALUES } from "./drawing";
import { LARGEST_NEAR } from "./geometry";
import { NEAREST } from "./view";

export const PALETTE_WIDTH = 256;

const SEEN = /* glsl */ `
/** The place in clip units, how much larger a dot is there (0: too near to be drawn), and its haze. */
vec4 seen(vec3 point, vec3 centre, mat3 axes, vec4 optics) {
  vec3 at = axes * (point - centre);
  float w = 1.0 - at.z * optics.z;
  float haze = optics.w > 0.0 ? clamp(0.5 - at.z * optics.w, 0.0, 1.0) : 0.0;
  return w < ${NEAREST.toFixed(3)} ? vec4(0.0, 0.0, 0.0, haze) : vec4(at.xy * optics.xy / w, 1.0 / w, haze);
}
`;

export const vertexShader = /* glsl */ `
precision highp float;
precision highp int;

in vec3 position;   // the newest frame; of a flat map z is 0
in vec3 before;     // the map shown before, used only while one map turns into another
in float code;      // class code
in float value;     // what the colour says where it does not say the class
in float left_out;  // 1 for a row that a filter leaves out

// A camera: its centre, its axes (right, up, toward) as the rows of a matrix, and its optics: clip units per map unit
// in x and y, what w loses for each unit nearer, and the haze's share of each unit farther (0: no haze).
uniform vec3 centre, centreBefore;
uniform mat3 axes, axesBefore;
uniform vec4 optics, opticsBefore;
uniform float share;      // 0 the map before, 1 the newest
uniform float diameter;   // device pixels, at the centre's depth
uniform float ratio;      // device pixels in a CSS pixel
uniform sampler2D palette;
uniform sampler2D ramp;
uniform vec3 scale;       // 1 where the colour says a value, else 0; the value where the ramp begins; 1 / its length
uniform vec3 ground;
uniform float dimmed;     // how far the colour goes over to the ground's: of rows beside a selection
uniform float grown;      // what the diameter is multiplied by

out vec4 colour;
flat out float size; // the diameter in device pixels
flat out float rim;  // the width of the rim in device pixels, 0 for none

${SEEN}

void main() {
  int c = int(code);
  colour = texelFetch(palette, ivec2(c % ${PALETTE_WIDTH}, c / ${PALETTE_WIDTH}), 0);
  if (scale.x > 0.0 && !isnan(value)) {
    float along = clamp((value - scale.y) * scale.z, 0.0, 1.0);
    colour.rgb = texture(ramp, vec2((along * ${PALETTE_WIDTH - 1}.0 + 0.5) / ${PALETTE_WIDTH}.0, 0.5)).rgb;
  } else if (scale.x > 0.0) {
    colour.rgb = mix(ground, vec3(0.5), 0.5);
  }
  vec4 here = seen(position, centre, axes, optics);
  if (share < 1.0) here = mix(seen(before, centreBefore, axesBefore, opticsBefore), here, share);
  colour.rgb = mix(colour.rgb, ground, (scale.x > 0.0 ? ${HAZE_OF_VALUES} : ${HAZE}) * here.w);
  colour.rgb = mix(colour.rgb, ground, dimmed);
  size = grown * diameter * min(here.z, ${LARGEST_NEAR}.0);
  rim = size >= 4.0 * ratio ? ratio : 0.0;
  // A row that is switched off or left out is put outside the clip volume: it costs no fragment.
  gl_Position = colour.a == 0.0 || here.z == 0.0 || left_out > 0.0 ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(here.xy, 0.0, 1.0);
  gl_PointSize = size + 1.0; // one more pixel for the smooth edge
}
`;

export const fragmentShader = /* glsl */ `
precision highp float;

in vec4 colour;
flat in float size;
flat in float rim;

uniform float rimShade; // what the rim multiplies the colour by
uniform float opacity;

out vec4 fragment;

void main() {
  float radius = 0.5 * size;
  float away = length(gl_PointCoord - 0.5) * (size + 1.0);
  float inside = clamp(radius + 0.5 - away, 0.0, 1.0);
  float core = clamp(radius - rim + 0.5 - away, 0.0, 1.0);
  vec3 shade = colour.rgb * mix(rimShade, 1.0, core);
  fragment = vec4(shade, inside * opacity * colour.a);
}
`;

export const edgeVertexShader = /* glsl */ `
precision highp float;
precision highp int;

in vec3 position;
in vec3 before;
in float code;
in float left_out;

uniform vec3 centre, centreBefore;
uniform mat3 axes, axesBefore;
uniform vec4 optics, opticsBefore;
uniform float share;
uniform sampler2D palette;
uniform vec3 ground;
uniform float strength; // the opacity of an edge
uniform float within;   // 1 for edges within a class, 0 for those between two

out vec4 colour;
out float gone; // above 0 on every edge that has an end which is not there

${SEEN}

void main() {
  int c = int(code);
  vec4 texel = texelFetch(palette, ivec2(c % ${PALETTE_WIDTH}, c / ${PALETTE_WIDTH}), 0);
  vec4 here = seen(position, centre, axes, optics);
  if (share < 1.0) here = mix(seen(before, centreBefore, axesBefore, opticsBefore), here, share);
  float grey = dot(texel.rgb, vec3(0.299, 0.587, 0.114));
  vec3 own = within > 0.5 ? mix(texel.rgb, vec3(grey), ${GREYED}) : vec3(${BETWEEN.map((channel) => (channel / 255).toFixed(3)).join()});
  colour = vec4(mix(own, ground, ${HAZE} * here.w), strength * texel.a);
  gone = texel.a == 0.0 || left_out > 0.0 || here.z == 0.0 ? 1.0 : 0.0;
  gl_Position = vec4(here.xy, 0.0, 1.0);
}
`;

export const edgeFragmentShader = /* glsl */ `
precision highp float;

in vec4 colour;
in float gone;
out vec4 fragment;

void main() {
  if (gone > 0.0) discard;
  fragment = colour;
}
`;
