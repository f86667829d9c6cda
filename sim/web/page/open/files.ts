/** Files that the user chose or dropped, folders with what is in them. */

/** More than this is no result folder. */
const MOST_FILES = 2000;

export interface Dropped {
  /** Name of the folder, where it was one. */
  folder: string | undefined;
  /** By path within the folder. */
  files: Map<string, File>;
}

/** Of `<input type="file">`, also with `webkitdirectory`. */
export function chosen(list: FileList): Dropped {
  const files = [...list].slice(0, MOST_FILES);
  const [folder] = files[0]?.webkitRelativePath.split('/') ?? [];
  const path = (file: File): string => file.webkitRelativePath.split('/').slice(1).join('/') || file.name;
  return { folder: folder || undefined, files: new Map(files.map((file) => [path(file), file])) };
}

/** Of a drop. The entries must be taken while the event is handled; their content comes later. */
export async function dropped(data: DataTransfer): Promise<Dropped> {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return chosen(data.files);
  const files = new Map<string, File>();
  const [first] = entries;
  const isFolder = entries.length === 1 && first!.isDirectory;
  if (isFolder) await addAll(first as FileSystemDirectoryEntry, '', files);
  else for (const entry of entries) await add(entry, '', files);
  return { folder: isFolder ? first!.name : undefined, files };
}

async function add(entry: FileSystemEntry, path: string, files: Map<string, File>): Promise<void> {
  if (files.size >= MOST_FILES) return;
  if (entry.isDirectory) return addAll(entry as FileSystemDirectoryEntry, `${path}${entry.name}/`, files);
  const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
  files.set(`${path}${entry.name}`, file);
}

async function addAll(folder: FileSystemDirectoryEntry, path: string, files: Map<string, File>): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // It gives a hundred at a time.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0 || files.size >= MOST_FILES) return;
    for (const entry of entries) await add(entry, path, files);
  }
}
