// `reprise recipes`: the papers that can be reproduced, and every setting of one.
import type { RecipeSummary } from '../shared/api.ts'
import { configFields, configValue, describeRange } from '../shared/config-fields.ts'
import { models } from '../shared/registry/models.ts'
import { type HostConnection, withHost } from './host-connection.ts'
import { count, duration, percent } from './number-words.ts'
import type { Output } from './output.ts'
import { table } from './table.ts'

export function listRecipes(output: Output): Promise<void> {
  return withHost(async (host) => {
    const recipes = await host.call(host.client.recipes.list.query())
    output.result(recipes, () =>
      table(
        ['RECIPE', 'MODEL', 'DATA SET', 'PAPER', 'FIGURE', 'TIME HERE', 'BEST HERE'],
        recipes
          .toSorted(byDataset)
          .map(({ recipe, modelLabel, datasetLabel, secondsHere, secondsMeasuredHere, best }) => [
            recipe.id,
            modelLabel,
            datasetLabel,
            recipe.paper.citation,
            percent(recipe.paper.figure),
            `${secondsMeasuredHere ? '' : 'about '}${duration(secondsHere)}`,
            percent(best?.mean),
          ]),
      ),
    )
  })
}

/** By data set, then by family and size of the network. */
function byDataset(a: RecipeSummary, b: RecipeSummary): number {
  const familyOf = ({ recipe }: RecipeSummary) => models[recipe.config.model.name as keyof typeof models].family
  return (
    a.datasetLabel.localeCompare(b.datasetLabel) ||
    familyOf(a).localeCompare(familyOf(b)) ||
    a.parameters - b.parameters ||
    a.modelLabel.localeCompare(b.modelLabel) ||
    a.recipe.paper.figure - b.recipe.paper.figure
  )
}

export function showRecipe(id: string, output: Output): Promise<void> {
  return withHost(async (host: HostConnection) => {
    const summary = await host.call(host.client.recipes.get.query({ id }))
    output.result(summary, () => recipeText(summary))
  })
}

function recipeText({ recipe, parameters, macsMillions, secondsHere }: RecipeSummary): string {
  const { paper, config } = recipe
  const seeds = paper.seeds === null ? 'number of seeds not given' : `${paper.seeds} seeds`
  const spread = paper.std === null ? '' : `, std ${percent(paper.std)} (${paper.stdSource ?? 'published'})`
  const settings = configFields.map((field) => [
    field.key,
    JSON.stringify(configValue(config, field.key)),
    describeRange(field),
    field.help,
  ])
  return [
    `${recipe.title} (${recipe.id})`,
    `${paper.citation}: ${paper.title}`,
    paper.url,
    `Figure: top-1 ${percent(paper.figure)}, ${paper.place}; ${seeds}${spread}`,
    `Network: ${count(parameters)} parameters, ${macsMillions.toFixed(1)} M multiply-adds a picture`,
    `Time: about ${duration(secondsHere)} a seed on this machine`,
    ...recipe.deviations.map((text) => `Differs from the paper: ${text}`),
    ...recipe.traps.map(({ key, text }) => `Trap, ${key}: ${text}`),
    '',
    table(['SETTING', 'VALUE', 'TAKES', 'MEANING'], settings),
  ].join('\n')
}
