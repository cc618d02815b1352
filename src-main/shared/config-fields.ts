// The schema as a flat list of fields, and operations on configs by dotted key ("optimizer.lr").
import { z } from 'zod'
import { RepriseError } from './errors.ts'
import type { FieldMeta } from './field-meta.ts'
import { type ConfigSection, configSections, type RunConfig, runConfigSchema } from './run-config.ts'

export type FieldValue = string | number | boolean | number[]

export interface ConfigField extends FieldMeta {
  /** Dotted key, such as `optimizer.lr`. */
  key: string
  section: ConfigSection
  kind: 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'numbers'
  choices: readonly string[]
  min: number | undefined
  max: number | undefined
  default: FieldValue
}

interface JsonSchemaField {
  type?: string
  enum?: string[]
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  default?: FieldValue
}

function fieldKind(schema: JsonSchemaField): ConfigField['kind'] {
  if (schema.enum) return 'choice'
  if (schema.type === 'array') return 'numbers'
  if (schema.type === 'boolean') return 'boolean'
  if (schema.type === 'integer') return 'integer'
  return schema.type === 'number' ? 'number' : 'text'
}

function fieldsOf(section: ConfigSection): ConfigField[] {
  return Object.entries(configSections[section].shape).map(([name, type]) => {
    const schema = z.toJSONSchema(type as z.ZodType, { io: 'input' }) as unknown as JsonSchemaField & FieldMeta
    return {
      key: `${section}.${name}`,
      section,
      label: schema.label,
      help: schema.help,
      level: schema.level,
      ...(schema.unit === undefined ? {} : { unit: schema.unit }),
      ...(schema.step === undefined ? {} : { step: schema.step }),
      kind: fieldKind(schema),
      choices: schema.enum ?? [],
      min: schema.minimum ?? schema.exclusiveMinimum,
      max: schema.maximum,
      default: schema.default as FieldValue,
    }
  })
}

/** Every field in the order of the form. */
export const configFields: readonly ConfigField[] = (Object.keys(configSections) as ConfigSection[]).flatMap(fieldsOf)

const fieldByKey = new Map(configFields.map((field) => [field.key, field]))

/** The field of a dotted key. Throws `unknown-config-key`, naming the nearest keys. */
export function configField(key: string): ConfigField {
  const field = fieldByKey.get(key)
  if (field) return field
  const tail = key.split('.').at(-1)?.toLowerCase() ?? ''
  const near = configFields.filter((f) => tail !== '' && f.key.toLowerCase().includes(tail)).map((f) => f.key)
  throw new RepriseError({
    code: 'unknown-config-key',
    message: `There is no setting "${key}".`,
    expected: near.length > 0 ? `one of ${near.join(', ')}` : 'a dotted key such as optimizer.lr',
    found: key,
    fix: 'Run "reprise recipes show ID" to see every setting of a recipe.',
  })
}

/** The value at a dotted key. */
export function configValue(config: RunConfig, key: string): FieldValue {
  const [section = '', name = ''] = key.split('.')
  const group = (config as Record<string, Record<string, FieldValue>>)[section]
  return group?.[name] as FieldValue
}

/** A copy of `config` with `key` set, validated. Throws `unknown-config-key` or `config-out-of-range`. */
export function withConfigValue(config: RunConfig, key: string, value: FieldValue): RunConfig {
  configField(key)
  const [section = '', name = ''] = key.split('.')
  const group = (config as Record<string, Record<string, FieldValue>>)[section]
  return parseRunConfig({ ...config, [section]: { ...group, [name]: value } })
}

/** Reads a value as written on a command line or in a text field. Throws `config-out-of-range` when it is not of the field's kind. */
export function parseFieldText(field: ConfigField, text: string): FieldValue {
  const wrong = (expected: string) =>
    new RepriseError({
      code: 'config-out-of-range',
      message: `${field.label} (${field.key}) cannot be "${text}".`,
      expected,
      found: text,
      fix: `Give ${field.key} a value like ${JSON.stringify(field.default)}.`,
    })
  const number = (part: string) => {
    const value = Number(part.trim())
    if (part.trim() === '' || !Number.isFinite(value)) throw wrong('a number')
    return value
  }
  switch (field.kind) {
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true'
      throw wrong('true or false')
    case 'number':
    case 'integer':
      return number(text)
    case 'numbers':
      return text.trim() === '' ? [] : text.split(',').map(number)
    default:
      return text
  }
}

/** Validates any input as a full config. Throws `unknown-config-key` or `config-out-of-range` with expected and found. */
export function parseRunConfig(input: unknown): RunConfig {
  const result = runConfigSchema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = issue?.path.join('.') ?? ''
  if (issue?.code === 'unrecognized_keys') {
    configField([...issue.path, issue.keys[0]].join('.'))
  }
  const [section = '', name = ''] = path.split('.')
  const found = (input as Record<string, Record<string, unknown>> | null)?.[section]?.[name]
  const field = fieldByKey.get(path)
  throw new RepriseError({
    code: 'config-out-of-range',
    message: field
      ? `${field.label} (${path}) cannot be ${JSON.stringify(found)}.`
      : `The run settings are not valid at "${path}".`,
    expected: field ? describeRange(field) : (issue?.message ?? 'a run config'),
    found: JSON.stringify(found) ?? 'nothing',
    fix: field
      ? `The default is ${JSON.stringify(field.default)}.`
      : 'Start from a recipe: "reprise recipes" lists them.',
  })
}

/** The values a field takes, as words: "one of sgd", "a whole number, 1 or more". */
export function describeRange(field: ConfigField): string {
  if (field.kind === 'choice') return `one of ${field.choices.join(', ')}`
  if (field.kind === 'boolean') return 'true or false'
  if (field.kind === 'text') return 'a name'
  const noun =
    field.kind === 'integer' ? 'a whole number' : field.kind === 'numbers' ? 'numbers, separated by commas' : 'a number'
  const bounded = (value: number | undefined): value is number =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER
  if (bounded(field.min) && bounded(field.max)) return `${noun} from ${field.min} to ${field.max}`
  if (bounded(field.min)) return `${noun}, ${field.min} or more`
  return bounded(field.max) ? `${noun}, at most ${field.max}` : noun
}

export interface ConfigDifference {
  key: string
  label: string
  recipe: FieldValue
  run: FieldValue
}

/** Settings that never change what is learned or judged; they do not count as leaving the recipe. */
export const neutralKeys: readonly string[] = [
  'seeds.count',
  'seeds.first',
  'evaluation.every',
  'evaluation.batchSize',
  'compute.device',
  'compute.threads',
  'data.brokenPictures',
  'data.cache',
  'saving.seconds',
  'saving.every',
  'saving.keep',
  'saving.gigabytes',
]

/** Fields in which a run left its recipe, in form order; `neutralKeys` left out. */
export function configDifferences(recipe: RunConfig, run: RunConfig): ConfigDifference[] {
  return configFields
    .filter((field) => !neutralKeys.includes(field.key))
    .map((field) => ({
      key: field.key,
      label: field.label,
      recipe: configValue(recipe, field.key),
      run: configValue(run, field.key),
    }))
    .filter((d) => JSON.stringify(d.recipe) !== JSON.stringify(d.run))
}
