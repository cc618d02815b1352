// The process that prepares the inputs of a step for the eye.
import type { PreviewAnswer, PreviewQuestion } from '../shared/worker-protocol.ts'
import { answerQuestions } from './answer-questions.ts'
import { createPreviews } from './preview-inputs.ts'

const previews = createPreviews()

answerQuestions<PreviewQuestion, PreviewAnswer>(previews.inputs)
