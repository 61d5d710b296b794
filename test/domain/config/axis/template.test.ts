import { describe, expect, it, test } from 'vitest';
import { parseTemplate } from '../../../../src/domain/config/axis/template.js';

const render = (text: string, value: string | number | ReadonlyMap<string, number> | number[] = 3) =>
  parseTemplate(text).render({ value });

describe('templates', () => {
  test.each([
    ['{{ value }}', '3'],
    ['{{ value * 2 + 1 }} {{ value // 2 }} {{ value % 2 }} {{ 1 - value }}', '7 1 1 -2'],
    ['{% for i in range(value) %}{{ i }},{% endfor %}', '0,1,2,'],
    ['{% for i in range(1, 7, 2) %}{{ i }}{% if not loop.last %}-{% endif %}{% endfor %}', '1-3-5'],
    ['{% if value > 2 %}high{% else %}low{% endif %}\nb', 'high\nb'],
    ['{{ (value / 2)|round(0) }} {{ 2.5|round }} {{ 1.25|round(1, "floor") }} {{ value|float }}', '2 2 1.2 3.0'],
    ['{{ [1, 5, 2]|max }} {{ [1, 5, 2]|sum }} {{ missing|default(4) }} {{ missing is defined }}', '5 8 4 false'],
    ['{{ "a"|upper ~ value }} {{ [1, 2]|join(", ") }}', 'A3 1, 2'],
    ['{% set half = value // 2 %}{{ half }} {# comment #}', '1 '],
    // a test of two values, written in all ways that Jinja has
    ['{{ value is divisibleby 3 }} {{ value is divisibleby(2) }} {{ value is divisibleby(num=3) }}', 'true false true'],
    ['{{ 0 if value is not divisibleby 2 and value is in [1, 3] else 1 }}', '0'],
    ['{% if value is odd or value is divisibleby [2][0] %}a{% endif %}{{ (value + 1) is ge 1 }}', 'atrue'],
    ['{{ "abc" is lt "abd" }} {{ "b" is in "abc" }} {{ value is eq 3 }} {{ value is ne 3 }}', 'true true true false'],
    ['{% raw %}{{ value }} {% "it\'s" %}{% endraw %} b', '{{ value }} {% "it\'s" %} b'],
    ['a {%- raw -%} \\ {{x}} {%- endraw -%} b', 'a\\ {{x}}b'],
    [
      '{{ 0x1F }} {{ 0b11 + 0o17 }} {{ 1_000 + value }} {{ 1e3 }} {{ 2.5e-3 }} {{ 1e2 * value }}',
      '31 18 1003 1000.0 0.0025 300.0',
    ],
  ])('%s', (text, rendered) => expect(render(text)).toBe(rendered));

  it.each([
    '{{ value }}{% for i in [1, 2] %}-{{ value }}{% endfor %}',
    '{% if true %}{{ value }}{% endif %}{{ 1 + value }}',
    '{% set value = 5 %}{{ value }}',
    '{% for value in [1, 2] %}{{ value }}{% endfor %}',
    '{{ {"value": 2}.value }} {{ value|string }}',
  ])('%s is the same rendered once for all values and for each anew', (text) => {
    const template = parseTemplate(text);
    for (const value of [3, 4, -1]) expect(template.render({ value })).toBe(template.render({ value, other: 0 }));
  });

  it('reads members of a mapping', () => {
    expect(
      render(
        '{{ value.low }}-{{ value["high"] }}',
        new Map([
          ['low', 1],
          ['high', 2],
        ]),
      ),
    ).toBe('1-2');
  });

  test.each([
    ['{{ vale }}', /'vale' is undefined/],
    ['{% if vale %}1{% endif %}', /'vale' is undefined/],
    ['{{ vale + 1 }}', /'vale' is undefined/],
    ['{% for x in vale %}{% endfor %}', /'vale' is undefined/],
    ['{{ [1][4] }}', /is undefined/],
    ['{{ value|nonsense }}', /nonsense/],
    ['{{ value', /./],
    ['{{ 1 / (value - value) }}', /division by zero/],
    ['{{ "a" is divisibleby 3 }}', /'is divisibleby' wants numbers, not 'a'/],
    ['{{ value is divisibleby 0 }}', /division by zero/],
    ['{{ value is in 4 }}', /'is in' wants a list or a text, not '4'/],
    ['{% for i in range(1000000000) %}{% endfor %}', /range over/],
    ['{% for i in range(1000) %}{% for j in range(1000) %}{{ i }}{% endfor %}{% endfor %}', /steps/],
  ])('%s is an error', (text, message) => expect(() => render(text)).toThrow(message));
});
