// What templates reach, however they spell it.
#include "syntax/jinja.h"

#include <doctest/doctest.h>

using namespace parapet;

TEST_CASE("templates that reach into Python") {
  for (const char* text : {
           "{{ ''.__class__ }}",
           "{{ x['__class__'] }}",
           "{{ x|attr('__class__') }}",
           "{{ x|attr('__cl' ~ 'ass__') }}",
           "{{ x|attr(['__cl', 'ass__']|join) }}",
           "{{ x|attr('%s%s'|format('__cl', 'ass__')) }}",
           "{{ x|attr('__ssalc__'|reverse) }}",
           "{{ x|attr('__CLASS__'|lower) }}",
           "{{ x|attr('_x_class__'|replace('x', '')|replace('_class', '__class')) }}",
           "{{ x|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
           "{{ x|attr(''.join(['__cl', 'ass__'])) }}",
           "{{ x|map(attribute='__class__')|list }}",
           "{% set a = '__class__' %}{{ x|attr(a) }}",
           "{% if x.__class__ %}{% endif %}",
           "{% for y in x.__mro__ %}{% endfor %}",
           "{{ os.popen('id') }}",
           "{{ x.f_globals }}",
       })
    CHECK_MESSAGE(!read_jinja(text).reaches.empty(), text);
}

TEST_CASE("templates that do not") {
  for (const char* text : {
           "{{ messages[0]['role'] }}{{ m.content.split('__class__')[-1] }}",
           "{# ''.__class__ #}",
           "{% raw %}{{ ''.__class__ }}{% endraw %}",
           "''.__class__ {{ '__class__' }} {{ 'os.system' }}",
           "{% set ns = namespace(system=1) %}{{ ns.system }}{{ raise_exception('x') }}",
           "{{ tools | selectattr('type', 'equalto', 'function') | list | tojson }}",
           "{{ {'a': {'b': 1}}['a']['b'] }}",
       })
    CHECK_MESSAGE(read_jinja(text).reaches.empty(), text);
}
