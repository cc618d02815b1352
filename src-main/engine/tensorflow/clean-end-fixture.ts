// A process that computes once and then runs dry without calling exit.
import * as tf from '@tensorflow/tfjs-core'
import { startForTests } from './start-for-tests.ts'

await startForTests()
const y = tf.matMul(tf.ones([64, 64]), tf.ones([64, 64]))
if (y.dataSync()[0] !== 64) throw new Error('Wrong product.')
process.disconnect?.()
