// The steps that every command shares.
import { ensureAppBuild } from './app-build.mjs'
import { ensureLibtensorflow } from './libtensorflow.mjs'
import { ensureNode24 } from './node24.mjs'
import { ensureNpmPackages } from './npm-packages.mjs'

const known = {
  packages: ['npm packages', ensureNpmPackages],
  node: ['Node 24', ensureNode24],
  tensorflow: ['libtensorflow', ensureLibtensorflow],
  build: ['interface', ensureAppBuild],
}

/**
 * Runs the named steps in order.
 * @param {ReturnType<import('./steps.mjs').createSteps>} steps
 * @param {(keyof typeof known)[]} names
 * @returns what each step found, by name
 */
export async function setUp(steps, names) {
  const found = {}
  for (const name of names) {
    const [label, ensure] = known[name]
    found[name] = await steps.run(label, (progress) => ensure(progress))
  }
  return found
}
