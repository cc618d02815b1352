// The process that reads single pictures for the eye, so that no decoder can harm the host.
import type { PictureAnswer, PictureQuestion } from '../shared/worker-protocol.ts'
import { answerQuestions } from './answer-questions.ts'
import { createPictureShelf } from './picture-shelf.ts'

const shelf = createPictureShelf()

answerQuestions<PictureQuestion, PictureAnswer>(shelf.thumbnail)
