import { sharedFile } from '../sharedData';

export const maccorFile = sharedFile('data', 'nca-maccor', 'xTESLADIAG_000038.078');
export const arbinFile = sharedFile('data', 'gitt-cellpy', 'FC_01_cc_02_gitt.csv');
