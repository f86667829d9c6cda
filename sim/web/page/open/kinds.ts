/** What a file is, by its name and first bytes, and what to do with one that the page cannot read. */

/** What the page cannot read, and how to make of it what it can. */
const OTHERS: readonly { names: RegExp; begins?: readonly number[]; what: string; todo: string }[] = [
  {
    names: /\.(xlsx|xls|xlsm|ods)$/i,
    what: 'a spreadsheet',
    todo: 'Save its sheet with the samples as CSV and open that',
  },
  {
    names: /\.(mpr|mps)$/i,
    what: 'a binary file of EC-Lab',
    todo: 'In EC-Lab choose "Export as text" (.mpt) and open that',
  },
  {
    names: /\.(nda|ndax)$/i,
    what: 'a binary file of Neware',
    todo: 'In BTSDA export the record layer as CSV and open that',
  },
  {
    names: /\.(res|mdb|accdb)$/i,
    what: 'a database of Arbin',
    todo: 'In MITS Pro or Data Watcher export to CSV and open that',
  },
  {
    names: /\.parquet$/i,
    begins: [0x50, 0x41, 0x52, 0x31],
    what: 'a Parquet file',
    todo: 'Export it as CSV, for example with "caldera replay FILE --export FILE.csv" from the original, and open that',
  },
  { names: /\.pdf$/i, begins: [0x25, 0x50, 0x44, 0x46], what: 'a PDF document', todo: 'Open the measurement itself' },
  {
    names: /\.(zip|gz|7z|rar|tar)$/i,
    begins: [0x50, 0x4b, 3, 4],
    what: 'an archive',
    todo: 'Unpack it and open what is in it',
  },
  {
    names: /\.(png|jpe?g|gif|webp)$/i,
    begins: [0x89, 0x50, 0x4e, 0x47],
    what: 'a picture',
    todo: 'Open the folder that it is in',
  },
];

export type FileKind = { kind: 'json' | 'text' } | { kind: 'other'; why: string };

export async function kindOf(file: File): Promise<FileKind> {
  const begin = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
  const other = OTHERS.find(
    ({ names, begins }) => names.test(file.name) || begins?.every((byte, k) => byte === begin[k]),
  );
  if (other !== undefined)
    return { kind: 'other', why: `${file.name} is ${other.what}, which this page does not read. ${other.todo}.` };
  const text = new TextDecoder().decode(begin);
  return { kind: /^\s*[{[]/.test(text) && !/\.(csv|txt|mpt|\d+)$/i.test(file.name) ? 'json' : 'text' };
}
