/**
 * A configuration that is longer than a line arrives in pieces, in a file beside the one in use. What may arrive is authorised
 * before, by its length and SHA-256; so the pieces need no key. Not resident.
 */
import type { Link } from './link';

/** [bytes] */
export const LONGEST_UPLOAD = 8192;
/** Where it waits until it is whole. */
export const UPLOAD_FILE = 'caldera.new';

/** What is expected in pieces, and how much of it has arrived. The length is in bytes. */
export interface Upload {
  length: number;
  /** SHA-256, 64 hexadecimal digits. */
  hash: string;
  /** Bytes that have arrived. */
  at: number;
}

/** How the file is written: at an offset; the first piece says how long the file will be. */
export type WritePart = (name: string, text: string, offset: number, length: number) => boolean;

/** Expects this and nothing else; what was expected before is forgotten. @returns '' or why not */
export function openUpload(link: Link, length: number, hash: string): string {
  if (!(length >= 2 && length <= LONGEST_UPLOAD)) return 'length is not 2 to ' + LONGEST_UPLOAD + ' bytes';
  let digits = 0;
  while (digits < hash.length && '0123456789abcdef'.indexOf(hash.charAt(digits)) >= 0) digits++;
  if (digits !== 64 || hash.length !== 64) return 'the SHA-256 is not 64 hexadecimal digits';
  link.upload = { length: length, hash: hash, at: 0 };
  return '';
}

/** Takes a piece; one that came before is taken for done. @returns '' or why not */
export function addPiece(link: Link, offset: number, text: string, write: WritePart): string {
  const upload = link.upload;
  if (upload === undefined) return 'nothing is expected: begin with upload';
  if (offset + text.length <= upload.at) return '';
  if (offset !== upload.at || text.length === 0 || offset + text.length > upload.length)
    return 'expected are ' + (upload.length - upload.at) + ' bytes from ' + upload.at + ' on';
  if (!write(UPLOAD_FILE, text, offset, upload.length)) return 'Storage is full';
  upload.at += text.length;
  return '';
}

/** Ends it. @param text the file; @param sha256 of a text, in hexadecimal digits. @returns '' when it is what was authorised, or why not */
export function closeUpload(link: Link, text: string | undefined, sha256: (text: string) => string): string {
  const upload = link.upload;
  if (upload === undefined) return 'nothing is expected: begin with upload';
  if (upload.at < upload.length) return upload.length - upload.at + ' bytes are missing';
  link.upload = undefined;
  if (text === undefined || text.length !== upload.length || sha256(text) !== upload.hash)
    return 'what arrived is not what was authorised';
  return '';
}
