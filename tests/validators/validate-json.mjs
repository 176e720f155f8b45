// Validates JSON files by a JSON Schema: node validate-json.mjs SCHEMA FILE...
// Drafts 7 (SARIF) and 2020-12 (ours); strict, so that a mistake in our own schema is an error too.
import {readFileSync} from 'node:fs';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const [schemaPath, ...files] = process.argv.slice(2);
const schema = JSON.parse(readFileSync(schemaPath, 'utf8'));
const ours = schema.$schema.includes('2020-12');
const ajv = ours ? new Ajv2020({allErrors: true, strict: true, allowUnionTypes: true})
                 : new Ajv({allErrors: true, strict: false});
addFormats(ajv);
if (!ours) delete schema.$schema, delete schema.id;  // says draft 4, uses nothing that draft 7 reads otherwise
const validate = ajv.compile(schema);
let failed = 0;
for (const file of files) {
  if (validate(JSON.parse(readFileSync(file, 'utf8')))) continue;
  ++failed;
  for (const e of validate.errors.slice(0, 20)) console.log(`${file}${e.instancePath}: ${e.message} ${JSON.stringify(e.params)}`);
}
console.log(`${files.length - failed} of ${files.length} valid`);
process.exit(failed === 0 ? 0 : 1);
