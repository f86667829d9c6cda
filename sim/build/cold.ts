/**
 * Functions that are called now and then lie in Storage as text, and are made each time they are called: a function that stays takes
 * some seven JsVars, a call from Storage costs some ten Leibniz steps.
 */

/** Sources whose functions are cold, but for those below. What reads, protects and acts is never. */
const COLD_SOURCES = [
  /^estimate\//,
  /^watch\//,
  /^steer\//,
  /^record\//,
  /^protect\/names\.ts$/,
  /^service\//,
  /^config\//,
  /^loader\//,
  /^hal\/espruino\/(pins|slots)\.ts$/,
  /^link\/(logPages|upload)\.ts$/,
  /^protocol\/(cycler|diagnostics)\.ts$/,
  /^hal\/chips\/(ina228Open|bq76952Open|bq76952Settings|crc8|hex)\.ts$/,
  /^(configure|restart|selftest|serviceTarget|upkeep|words)\.ts$/,
  /^hal\/espruino\/(sha256|transfer)\.ts$/,
  /^(openGauge|tells)\.ts$/,
  /^mavlink\/open\.ts$/,
];

/** Called more often than once in ten seconds, counted over whole cycles. */
const WARM = new Set([
  'activeError_V',
  'activeFor',
  'addSample',
  'addToRest',
  'agePools',
  'alarmLevel',
  'anchor',
  'anchorLambda',
  'avoidSaturation',
  'balance',
  'beginCharge',
  'beginInterrupt',
  'beginRest',
  'beginSecond',
  'byAmbient_K',
  'changePhase',
  'chargeSigma',
  'chooseRate',
  'clearSecond',
  'countSecond',
  'cycleStage',
  'drift',
  'endOfRest_V',
  'endRest',
  'endsCycle',
  'endSecond',
  'endStage',
  'findActive',
  'findCharge',
  'findExponent',
  'findLag',
  'findOverpotentials',
  'findZero',
  'follow',
  'forecast',
  'foundEnd',
  'goOn',
  'inactive',
  'isLost',
  'isTrue',
  'isTrusted',
  'knowLimit',
  'learn',
  'learnStage',
  'leave',
  'measureCathode',
  'minuteStage',
  'moveLithium',
  'modelSecond',
  'nameCapacity',
  'narrow',
  'narrowLithium',
  'nextCycle',
  'observeSecond',
  'openCircuit_V',
  'openCircuitSlope_V',
  'plate',
  'prepareStep',
  'publish',
  'publishSecond',
  'publishShares',
  'publishSums',
  'raise',
  'recontact',
  'rest',
  'restSigma_V',
  'resume',
  'runModel',
  'saturation',
  'scaleFast',
  'scaleKappa',
  'scaleLimit',
  'searchCharge',
  'searchEnd_V',
  'setPace',
  'setRates',
  'setStep',
  'settleRate',
  'setWarmth',
  'splitVoltage',
  'steerStage',
  'strip',
  'unknown',
  'watchCharge',
  'watchHeat',
  'watchInterrupt',
  'watchLength',
  'watchPlating',
  'watchShort',
  'watchTemperature',
  'weighLithium',
  'weighScales',
  'within',
  'work',
]);

/** Of other sources: what belongs to a start, the begin and end of a step, a report, a record or a command. */
const COLD = new Set([
  'beginWait',
  'calm',
  'checksumOf',
  'createLink',
  'createStep',
  'deviceId',
  'endStep',
  'enterStep',
  'eraseFile',
  'failStart',
  'first',
  'frontEndLimits',
  'groundedButton',
  'keepCount',
  'keepNext',
  'mcp4725Open',
  'notePlace',
  'openConsole',
  'openWithoutKey',
  'planInterrupts',
  'prepareStep',
  'recover',
  'releaseFault',
  'releaseOf',
  'reopen',
  'repeat',
  'resume',
  'setLevel',
  'setRate',
  'settleTrial',
  'setupPart',
  'startWatchdog',
  'superviseTime',
  'tellRow',
  'tellRows',
  'test',
  'watchLife',
  'writeFile',
]);

/**
 * @param source from the folder of the device's entry
 * @param name without the number that the bundler adds where two are called the same */
export function isCold(source: string, name: string): boolean {
  const plain = name.replace(/\d+$/, '');
  if (WARM.has(plain) || WARM.has(name)) return false;
  return COLD.has(plain) || COLD_SOURCES.some((pattern) => pattern.test(inFirmware(source)));
}

/** The source's path in `firmware`, in the entry's own folder, or from the root where it is in `hal`. */
function inFirmware(source: string): string {
  return source.replace(/^(\.\.\/)+/, '');
}

/** Stands in the code for begin and end of a function's text, and is as long as they are. */
const MARK = /__at\((\d+)\)/g;
const DIGITS = 5;

/** In the code before it is minified: what `callCold` is called with. */
export const coldMark = (index: number): string => `__at(${index})`;

/** Joins the texts, and puts their places into all the code. */
export function joinCold(
  texts: readonly string[],
  code: Readonly<Record<string, string>>,
): { cold: string; code: Record<string, string> } {
  const ends: number[] = [];
  for (const text of texts) ends.push((ends.at(-1) ?? 0) + text.replace(MARK, ' '.repeat(2 * DIGITS + 1)).length);
  const digits = (place: number): string => String(place).padStart(DIGITS);
  const put = (text: string): string =>
    text.replace(MARK, (_, index: string) => `${digits(ends[+index - 1] ?? 0)},${digits(ends[+index]!)}`);
  return {
    cold: texts.map(put).join(''),
    code: Object.fromEntries(Object.entries(code).map(([name, text]) => [name, put(text)])),
  };
}
