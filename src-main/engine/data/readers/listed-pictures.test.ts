import { describe, expect, it } from 'vitest'
import { detectFixture, readFiles, writeFiles } from './fixtures.ts'

const pictures = ['a.png', 'b.png', 'sub/c.jpg']

async function rowsOf(files: Readonly<Record<string, string>>, more: readonly string[] = []) {
  const folder = writeFiles([...pictures, ...more])
  const detected = await detectFixture(writeFiles(files, folder))
  const found = await readFiles(detected)
  const rows = found.pictures.map(({ name, label, part }) => `${name} ${found.classes[label]} ${part}`)
  return { reader: detected.reader, reason: detected.reason, rows, problems: found.problems, classes: found.classes }
}

const expected = ['a.png cat train', 'b.png dog null', 'sub/c.jpg cat test']

describe('CSV', () => {
  it.each([
    ['a header', 'path,label,split\na.png,cat,train\nb.png,dog,\nsub/c.jpg,cat,test\n'],
    ['no header', 'a.png,cat,train\nb.png,dog,validate\nsub/c.jpg,cat,test\n', 'ignored'],
    ['tabs and other names', 'Target\tfile name\tSet\ncat\ta.png\ttrain\ndog\tb.png\tall\ncat\tsub/c.jpg\tTEST\n'],
    [
      'semicolons, a byte order mark and CRLF',
      '\ufeffimage;class;subset\r\na.png;cat;train\r\nb.png;dog;\r\nsub/c.jpg;cat;test',
    ],
    ['quotes', 'path,label,split\n"a.png","cat","train"\n"b.png",dog,""\n"sub/c.jpg",cat,test\n'],
    ['backslashes and dots', 'path,label,split\n.\\a.png,cat,train\n./b.png,dog,\nsub\\c.jpg,cat,test\n'],
    [
      'spaces around cells and empty lines',
      'path , label, split\n\n a.png , cat,train\n b.png,dog,\n\nsub/c.jpg,cat , test\n\n',
    ],
  ])('is read with %s', async (_, text, ...[isIgnored]) => {
    const { reader, rows } = await rowsOf({ 'list.csv': text })
    expect(reader).toBe('csv')
    // Without a header, the third column says parts only when every first row does.
    expect(rows).toEqual(isIgnored === undefined ? expected : expected.map((row) => row.replace(/\S+$/, 'null')))
  })

  it('finds parts in a third column without a header', async () => {
    const { rows } = await rowsOf({ 'list.csv': 'a.png,cat,train\nb.png,dog,val\nsub/c.jpg,cat,test\n' })
    expect(rows).toEqual(['a.png cat train', 'b.png dog val', 'sub/c.jpg cat test'])
  })

  it('takes lists that are named by their parts together', async () => {
    const { rows, reason } = await rowsOf({
      'train_labels.csv': 'filename,label\na.png,1\nb.png,2\n',
      'test_labels.csv': 'filename,label\nsub/c.jpg,1\n',
    })
    expect(rows).toEqual(['sub/c.jpg 1 test', 'a.png 1 train', 'b.png 2 train'])
    expect(reason).toBe('test_labels.csv and train_labels.csv lists 3 pictures with their classes.')
  })

  it('finds pictures in a folder below, and without their endings', async () => {
    const { rows } = await rowsOf({ 'labels.csv': 'id,label\n000bec18,boxer\n001513df,dingo\n' }, [
      'train/000bec18.jpg',
      'train/001513df.jpg',
    ])
    expect(rows).toEqual(['train/000bec18.jpg boxer null', 'train/001513df.jpg dingo null'])
  })

  it('tells of rows that give no picture, and never looks outside the folder', async () => {
    const { rows, problems } = await rowsOf({
      'list.csv': [
        'path,label',
        'a.png,cat',
        '../set/a.png,cat',
        '/etc/passwd,cat',
        'C:\\a.png,cat',
        'gone.png,dog',
        'a.png,dog',
        'b.png,',
        ',dog',
        'sub,dog',
      ].join('\n'),
    })
    expect(rows).toEqual(['a.png cat null'])
    expect(problems).toEqual([
      { name: '../set/a.png', reason: 'Not a path within the folder of the list' },
      { name: '/etc/passwd', reason: 'Not a path within the folder of the list' },
      { name: 'C:\\a.png', reason: 'Not a path within the folder of the list' },
      { name: 'gone.png', reason: 'Listed, but there is no such file' },
      { name: 'a.png', reason: 'Listed more than once' },
      { name: 'b.png', reason: 'Listed without a class' },
      { name: 'list.csv, line 9', reason: 'A line without a path' },
      { name: 'sub', reason: 'Listed, but there is no such file' },
    ])
  })

  it('numbers integer classes by size, whatever is missing', async () => {
    const { classes } = await rowsOf({ 'list.csv': 'path,label\na.png,10\nb.png,9\nsub/c.jpg,101\n' })
    expect(classes).toEqual(['9', '10', '101'])
  })

  it('is no list when none of its pictures is there, or when it names none', async () => {
    const folders = ['cat/1.png', 'dog/2.png']
    const list = 'path,label\nx.png,cat\ny.png,dog\n'
    expect((await rowsOf({ 'list.csv': list, 'notes.txt': 'one, two\n' }, folders)).reader).toBe('class-folders')
  })
})

describe('lists in the folders of parts', () => {
  it('say the part by their folder, which their paths start from', async () => {
    const files = {
      'train/metadata.jsonl': '{"file_name": "1.png", "label": "cat"}\n{"file_name": "2.png", "label": "dog"}\n',
      'validation/metadata.jsonl': '{"file_name": "1.png", "label": "dog"}\n',
    }
    const folder = writeFiles(['train/1.png', 'train/2.png', 'validation/1.png'])
    const detected = await detectFixture(writeFiles(files, folder))
    const { classes, pictures } = await readFiles(detected)
    expect(detected.reader).toBe('jsonl')
    expect(pictures.map(({ name, label, part }) => `${name} ${classes[label]} ${part}`)).toEqual([
      'train/1.png cat train',
      'train/2.png dog train',
      'validation/1.png dog val',
    ])
  })

  it('are needed where the parts have no folders of classes', async () => {
    const pictures = ['train/1.png', 'train/2.png', 'test/1.png']
    await expect(detectFixture(writeFiles(pictures))).rejects.toMatchObject({ code: 'no-class-folders' })
    const classes = await detectFixture(writeFiles(['train/1.png', 'bus/2.png']))
    expect(classes).toMatchObject({ reader: 'class-folders', classes: ['bus', 'train'] })
  })
})

describe('JSON lines', () => {
  it('are read with whichever names of keys, as words or as numbers', async () => {
    const lines = [
      '{"file_name": "a.png", "label": 3, "split": "train"}',
      '{"label": 7, "image": "b.png", "other": {"deep": [1]}}',
      '',
      '{"path": "sub/c.jpg", "class": "3", "set": "test"}',
    ]
    const { reader, rows } = await rowsOf({ 'metadata.jsonl': lines.join('\n') })
    expect(reader).toBe('jsonl')
    expect(rows).toEqual(['a.png 3 train', 'b.png 7 null', 'sub/c.jpg 3 test'])
  })

  it('tell of lines that give no picture', async () => {
    const { problems } = await rowsOf({
      'list.jsonl': [
        '{"path": "a.png", "label": "cat"}',
        '{"path": ',
        '[1]',
        '{"path": "a.png"}',
        '{"path": 1, "label": 2}',
      ].join('\n'),
    })
    expect(problems).toEqual([
      { name: 'list.jsonl, line 2', reason: 'Not a JSON object' },
      { name: 'list.jsonl, line 3', reason: 'Not a JSON object' },
      { name: 'list.jsonl, line 4', reason: 'An object without a path and a label' },
      { name: '1', reason: 'Listed, but there is no such file' },
    ])
  })
})
