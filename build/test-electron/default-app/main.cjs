// Stands in for Electron's default app in an Electron that was taken out of a packaged app and so has none. It does what
// the e2e driver needs of it: `electron [-r module] [switches] <app folder> [arguments]`.
const { readFileSync } = require('node:fs')
const Module = require('node:module')
const { join, resolve } = require('node:path')
const { app } = require('electron')

const preloads = []
let folder
const rest = process.argv.slice(1)
while (rest.length > 0 && folder === undefined) {
  const argument = rest.shift()
  if (argument === '-r' || argument === '--require') preloads.push(rest.shift())
  else if (!argument.startsWith('-')) folder = resolve(argument)
}

for (const preload of preloads) Module._load(resolve(preload), module, true)
if (folder === undefined) {
  console.error('usage: electron [-r module] [switches] <app folder>')
  app.exit(2)
} else {
  const { main, name, productName, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  app.setVersion(version)
  app.setName(productName ?? name)
  app.setAppPath(folder)
  Module._load(join(folder, main), module, true)
}
