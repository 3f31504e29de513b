"""json_check.py SCHEMA FILE... - are these recordings what they should be?

Each line is an object that the schema allows; n counts from 1 without a gap;
start is first, summary last, each once; the bytes of each direction of a
connection follow each other. Prints what is wrong. --seen: prints instead
which events there are. Status 1 if anything is wrong."""
import json
import sys

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

args = sys.argv[1:]
seen = args[0] == "--seen" and args.pop(0)
schema = json.load(open(args[0], encoding='utf-8'))
Draft202012Validator.check_schema(schema)
whole = Draft202012Validator(schema)
# The branch of a kind, for words that say what is wrong.
parts = {s['properties']['ev']['const']:
         Draft202012Validator({**s, '$defs': schema['$defs']})
         for s in schema['oneOf']}
bad = False
kinds = set()


def once(pairs):
    keys = [k for k, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError('a key twice: ' + ' '.join(keys))
    return dict(pairs)


def complain(name, n, what):
    global bad
    bad = True
    print(f'{name}:{n}: {what}')


def check(name):
    offset = {}
    last = None
    with open(name, encoding='utf-8') as f:
        for n, line in enumerate(f, 1):
            try:
                e = json.loads(line, object_pairs_hook=once)
            except ValueError as why:
                complain(name, n, why)
                return
            kinds.add(e.get('ev'))
            if not whole.is_valid(e):
                part = parts.get(e.get('ev'), whole)
                wrong = best_match(part.iter_errors(e))
                complain(name, n, f'{wrong.message[:200]} in {line[:300]}')
            if e['n'] != n:
                complain(name, n, f"event number {e['n']}")
            if (e['ev'] == 'start') != (n == 1):
                complain(name, n, 'start belongs first, once')
            if last == 'summary':
                complain(name, n, 'something behind the summary')
            if 'off' in e:
                stream = e.get('conn'), e['ev']
                if e['off'] != offset.get(stream, 0):
                    complain(name, n, f"off is not {offset.get(stream, 0)}")
                offset[stream] = e['off'] + e['bytes']
            last = e['ev']
    if last != 'summary':
        complain(name, n, 'no summary')


for file in args[1:]:
    check(file)
if seen:
    print('\n'.join(sorted(kinds)))
sys.exit(bad)
