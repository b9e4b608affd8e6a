// GLSL 3 of the dots. Colours and visibility come from a small texture, one texel per class, so that switching
// a class or changing the theme uploads a few bytes and no row.

export const PALETTE_WIDTH = 256;

export const vertexShader = /* glsl */ `
precision highp float;
precision highp int;

in vec2 position;   // the newest frame
in vec2 before;     // the map shown before, used only while one map turns into another
in float code;      // class code

uniform vec4 view;        // centre x, y; scale from map units to clip units x, y
uniform vec4 viewBefore;
uniform float share;      // 0 the map before, 1 the newest
uniform float diameter;   // device pixels
uniform sampler2D palette;

out vec4 colour;

void main() {
  int c = int(code);
  colour = texelFetch(palette, ivec2(c % ${PALETTE_WIDTH}, c / ${PALETTE_WIDTH}), 0);
  vec2 here = (position - view.xy) * view.zw;
  if (share < 1.0) here = mix((before - viewBefore.xy) * viewBefore.zw, here, share);
  // A class that is switched off is put outside the clip volume: it costs no fragment.
  gl_Position = colour.a == 0.0 ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(here, 0.0, 1.0);
  gl_PointSize = diameter + 1.0; // one more pixel for the smooth edge
}
`;

export const fragmentShader = /* glsl */ `
precision highp float;

in vec4 colour;

uniform float diameter;
uniform float rim;      // width of the rim in device pixels, 0 for none
uniform float rimShade; // what the rim multiplies the colour by
uniform float opacity;

out vec4 fragment;

void main() {
  float radius = 0.5 * diameter;
  float away = length(gl_PointCoord - 0.5) * (diameter + 1.0);
  float inside = clamp(radius + 0.5 - away, 0.0, 1.0);
  float core = clamp(radius - rim + 0.5 - away, 0.0, 1.0);
  vec3 shade = colour.rgb * mix(rimShade, 1.0, core);
  fragment = vec4(shade, inside * opacity * colour.a);
}
`;
