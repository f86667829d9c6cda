/** The manual's chapters that are prose. Numbers come from the firmware; what no line of code can know is said here. */
import { RELEASE_MS } from '../../firmware/protect/engine';
import { Policy } from '../../firmware/protect/faults';
import { constant } from './manualConstants';
import { LIMITS, PACE } from './manualLevels';
import { MEASURED_COMMAND, MEASURED_FILE, type Measured } from './manualMeasured';
import { duration, linkTo, short } from './manualText';
import { markdownTable } from '../markdown';

const RETRY = duration(constant('firmware/entry.ts', 'RETRY_MS'));
const RECOVERY = duration(constant('firmware/bms.ts', 'RECOVERY_MS'));
const WATCHDOG = duration(1000 * constant('firmware/entry.ts', 'WATCHDOG_S'));
const selfTest_V = (name: string): string => `${short(constant('firmware/selftest.ts', name) / 1000)} V`;

export const PURPOSE = `This manual is for those who build a cycler channel or a pack with Caldera, or who decide whether to trust one. It says what is
watched, at which level, what is done, in what time, how the way back to service is, and what is left to you.

It is made from the firmware's own fault table (\`firmware/protect/table.ts\`), from its state machine and from measured reactions, and a
test holds it to them: tables, cards and pictures cannot differ from the firmware. The text around them is written by hand.

**What it is not:**

- **No certificate.** Nobody has assessed Caldera against a safety standard, and this manual does not claim that it meets one.
- **Not proven on hardware.** All that is measured here was measured on simulated cells and on simulated chips that answer the same bytes
  as the real ones. The same firmware also runs on the real Espruino interpreter, on a PC. It has **not yet run on a board** with a
  cell.
- **Not for your cell.** The levels here are those of a reference cell of 1 Ah. Yours come from your cell's data sheet.
- **Not the last line.** Nothing electrical stops the thermal runaway of a lithium-metal cell. Fuse, containment, venting and distance
  are yours: see ${linkTo("The builder's duty")}.`;

export const LAYERS_INTRO = `Each layer can keep the cell safe when those above it fail.

![The three layers, the gate and the watchdog](pictures/safety-layers.svg)

1. **The front end** is hardware: the comparators of the current monitor (INA228) or of the analogue front end of a pack (BQ76952). The firmware
   writes their limits, reads them back, and looks at them again all the time. They compare every conversion. Beyond a limit
   they hold the switches open by themselves and stay so (latched).
2. **The supervisor** is firmware. At every tick it shows each value to the rows of one fault table. It only ever lowers what is allowed.
3. **The steering** is firmware too. It wishes for a current. It never sees the switches, and the supervisor cuts its wish to what is
   allowed.

Outside all three stands the **hardware watchdog**, set to ${WATCHDOG}; open switches are promised within 2.5 s. A tick that does not come to its
end does not reach the line that feeds it. The reset leaves the switch pins without a driver: pull-down resistors hold both
switches open. The start that follows sets the set-point to zero before it tries a switch.

So it is on a channel. A pack's switches are driven by its front end, which is told over the bus: a reset of the controller leaves them as they
are. On the ground the front end opens them when it has heard of no controller for three seconds, in flight it does not; what it latches are a
short circuit and an over-current in discharge ([drone pack](boards/drone.md#what-cuts-on-the-ground-and-in-flight)).`;

export const LAYERS_DEAD = markdownTable(
  ['what is dead', 'what still protects a channel'],
  [
    ['steering, protocol, estimator', 'the supervisor: it needs none of them'],
    ['the processor', "the front end at once; the watchdog's reset then opens the switches"],
    [
      "the front end's part",
      "the supervisor: data grow stale or stuck, settings are lost, the controller's own ADC disagrees",
    ],
    ['the bus', 'the front end; the supervisor opens the switch pins, which are not on the bus'],
    [
      'a sensor',
      'the second one: two converters read voltage and temperature; the current is held against its set-point',
    ],
    ["the controller's supply", 'the pull-downs: both switches are open'],
    ['the wire of ALERT to the gate', 'the supervisor, at its slower pace; the self-test does not see it'],
    ['a switch that stays closed', 'nothing for its direction of current but **your fuse or second contactor**'],
  ],
);

export const FRONT_END_NOTE = `The front end stands a little outside of the supervisor's levels, so that the supervisor comes first where there is time. The last column is what
the registers of the simulated part hold after the firmware has set it up: rounded to steps of the register, never looser than what was asked
for. Promised with the processor stopped: short circuit below 1 ms, over-current below 50 ms. The board's page says how
([cycler](boards/cycler.md#front-end-protection), [drone pack](boards/drone.md)).`;

export const HOW_TO_READ = `Levels are those of the reference cell: a board without a configuration, 1 Ah, charged at 0.2C to 4.3 V and discharged at up to 3C to 3.0 V. A name
such as \`overVoltage_mV\` is the field of the configuration that sets the level. Levels without a name are the same for every
cell.

- **trips by**: the row has tripped when the value was beyond this level in so many fresh values in a row **and** for so long (debounce).
  A value that is not a number counts as beyond. A value that is not fresh is not shown to a row at all; its age has rows of its own.
- **warns**: from here on the row warns. Rows that limit take the current away little by little between here and the trip level, so
  that a limit is felt before a trip comes.
- **good again**: back here the cause counts as gone; in rows that limit not before they no longer do.
- **opens**: both switches open and the set-point goes to zero. **by itself**, **release**, **new start**: the way back, see
  ${linkTo('Way back to service')}.
- **severity**: 1 worth knowing, 2 less use of the cell, 3 harm to the cell, 4 harm to people. It is that of the effect, were nothing
  done.

A pack has no use for some rows; [its page](boards/drone.md#what-the-firmware-does-not-see) says which. A channel has none for
${linkTo('imbalance')} and ${linkTo('open sense wire')}.

Each name leads to the fault's card with causes, effect, tests and all the rest. It is the name that the device prints:
\`fault <number> <state> <name>\` when a row changes; \`status\` says which one limits the current. In JSON and in the sources a row goes by an id,
such as \`OverVoltage\`: the table of ${linkTo('Promised and measured reactions')} has it. \`--fault\` of \`caldera faults\`
and a release by \`caldera monitor\` take both, in any case.`;

export function reactionsIntro(measured: Measured | null): string {
  const tick = duration(PACE.period_ms);
  return `A reaction is the time from the moment at which the value at the sensor is beyond its level until the action: switches open, direction stopped,
or warning given. It holds the conversion, the wait for the next tick (${tick}), the debounce, and the action itself. 0 ms: in the
tick that saw it. A lasting over-current counts until its row begins to limit, which is before it trips. Rows of ${linkTo('Lithium metal')}
count from the watcher's alarm, not from the trouble in the cell: how long a watcher takes, minutes to cycles, is
[a study of its own](watchers.md#how-well-it-works).

${measured === null ? NOT_YET : measuredIntro(measured)}

![Debounce, promise and measured reaction of every row](pictures/safety-reactions.svg)`;
}

const NOT_YET = `Nothing has been measured yet: the columns say so. They are filled from \`${MEASURED_FILE}\`, which \`${MEASURED_COMMAND}\` makes.`;

function measuredIntro({ runs, violations, falseTrips }: Measured): string {
  return `Measured by the [fault campaign](faults.md) in ${runs} runs on simulated cells and chips (\`${MEASURED_COMMAND}\`). What happened to the simulated cell
itself is the judge, not what the firmware says: **${violations}** runs left the safe envelope for longer than promised, **${falseTrips}** clean runs
were stopped without a cause.`;
}

export const SWITCHES_INTRO = `One pure function, \`nextSwitch\`, decides whether current may flow at all. Picture and table are made by giving it every event in every state. What is
not in the table changes nothing.

![State machine of the switches](pictures/safety-switches.svg)

A wish is what the protocol or the load asks for, after the supervisor has cut it. Charge and discharge never conduct together: the
actuator opens both switches before it closes one.`;

export const FMEA_INTRO = `A card for each row of the fault table: failure mode, causes, effect, detection, reaction, way back, what remains for you, and the tests that
name it. Number and name are those that the device prints and logs. Severity is that of the effect, were nothing done.`;

export const DUTIES_INTRO = `What no row can do for you, whatever the fault:

- **Fuse.** In series with the cell, for what the wires stand, and able to break the cell's short-circuit current. It is the only thing left
  behind a welded switch.
- **A second contactor** (relay option) where a fuse is too slow or the cell too valuable. Nothing in this firmware drives one yet.
- **Containment.** Vented and fireproof, for the cell's whole energy and its gas, with distance to people. Nothing electrical stops a runaway.
- **Levels.** Voltages, currents and temperatures of **your** cell, from its data sheet. The defaults are for the reference cell alone.
- **Calibration at commissioning.** Current and coarse voltage by the authorised command \`calibrate\`, against a meter you trust; both thermistors
  beside each other in one water bath. The rows that compare two sensors rest on it.
- **Sensors.** One thermistor glued to each cell that counts. A spot that nobody measures may be hotter.
- **Pull-downs and the ALERT gate**, as the board's page shows. Pull-downs hold the switches open during a reset; the gate lets the front end open
  them without the processor. The firmware can test neither: do it before the first cell.
- **Test the switches** before the first cell: the self-test must fail with a switch bridged and with one cut.
- **The key.** Set one ([authorisation](authorisation.md)) before the pack leaves your hands, and keep it.
- **Supervision.** Do not leave lithium-metal cells alone in a room in which they must not burn.

What single rows leave to you:`;

export function assumptions(measured: Measured | null): string {
  return `What the promises rest on:

- **Pace.** ${short(1000 / PACE.period_ms)} ticks a second (\`pace.period_ms\` ${PACE.period_ms}). A slower pace makes every reaction slower in proportion.
- **Speed of the controller.** A tick's work is measured on the real interpreter on a PC, as a ratio to a reference loop. How long that
  takes on an ESP32 is an estimate, not measured on a board ([interpreter](interpreter.md)). Ticks that come more than ${duration(LIMITS.maxTick_ms)} late trip a row.
- **Sensors.** Errors as in the data sheets of INA228 and ADS1115, worst case in the campaign. Noise of single conversions, errors of the
  ESP32's own ADC after calibration, and of thermistors (1 K) are assumed.
- **Cells.** The [profiles](model.md), drawn with parameters that differ, new and aged. Their voltage and heat follow published measurements as
  far as the model's page says. No cell of any maker was tested with this firmware.
- **Watchers.** Soft short, self-heating, drying and plating rest on a model of the cell and of its cooling ([watchers](watchers.md)). Without a
  model in the configuration (\`cell\`) these rows do not work.
- **One fault at a time.** Two independent faults within the reaction time of the first are not covered, apart from those of the layers
  above.

What the simulator leaves out:

- Inductance, ringing and avalanche when a switch opens; bouncing contacts; the resistance of leads beyond the cell's own.
- Electromagnetic interference, static discharge, moisture, vibration, wrong soldering.
- Radio and other tasks of the ESP32 beside the interpreter; a garbage collection of unusual length.
- Differences of temperature within a cell, swelling, gas, fire; the real chemistry of abuse.
- Parts that drift over years; flash that forgets in other ways than by a power cut or a bad page.
- Espruino and the tools that build the firmware: they are taken as they are.

Limits of the proof:

- ${statistics(measured)}
- A test shows what it looks for. The campaign injects what its [list](faults.md) holds, not what nobody thought of.
- Mutation tests show that the tests notice a changed level, direction, count or action. They do not show that a level is the right one
  for a cell.`;
}

/** What a number of runs without an event says about its probability: the rule of three. */
function statistics(measured: Measured | null): string {
  if (measured === null) return 'The campaign has not been run for this manual yet.';
  const { runs, violations } = measured;
  if (violations > 0) return `${violations} of ${runs} runs left the safe envelope: the promises do not hold.`;
  return `${runs} runs without a violation say, with 95 % confidence, that fewer than ${short(300 / runs)} % of runs **drawn in the same way** violate the envelope. They say nothing of other cells, faults or boards.`;
}

const WAYS_BACK = markdownTable(
  ['way back', 'what happens'],
  [
    [
      '**by itself**',
      `once the value has been good again for ${duration(RELEASE_MS)}; open switches then wait until all was quiet for ${RECOVERY} (recovery)`,
    ],
    ['**release**', 'the row stays tripped, over resets and power cuts too, until an authorised command releases it'],
    ['**new start**', `by itself, every ${RETRY}: the parts are set up anew, the self-test runs and decides`],
  ],
);

export const WAY_BACK_TEXT = `${WAYS_BACK}

A release is for somebody who has looked. With the commissioning key in a file ([authorisation](authorisation.md)):

\`\`\`sh
caldera monitor --port /dev/ttyUSB0 --send status
caldera monitor --port /dev/ttyUSB0 --key-file my.key --send "release over-voltage"
\`\`\`

\`ok\`, or why not. That is, on the service line (the fault's number does as well as its name):

\`\`\`text
> status
> challenge release over-voltage
ok <device> <number> <nonce>
> do <number>-<mac> release over-voltage
ok
\`\`\`

1. **Look.** \`status\` names the fault; \`events 0\` is the newest event, \`log 0\` the record with the seconds before the trip. \`caldera monitor --log DIR\`
   makes tables of both.
2. **Find and remove the cause.** A row whose cause lasts trips again in its normal time.
3. **Release** with challenge and response. How to compute \`<mac>\` from the commissioning key, and what to do without the key:
   [authorisation](authorisation.md#challenge-and-response). A board that never had a key takes its first one at the wire
   (\`--send "key $(cat my.key)"\`), and then releases. A pack refuses while a current flows.

Two cells are not brought back by a release alone:

- **A cell that rests below \`underVoltage_mV\`** or above \`overVoltage_mV\` trips again after each release. If you are sure of the cell, send another
  level by the authorised command \`configure\`, for example \`configure {"limits":{"underVoltage_mV":2000}}\`, bring it back slowly, and restore the level.
- **A cell that was below \`deepDischarge_mV\`** is scrap. The command would release it; do not use it.

A configuration that is refused or unsigned is mended by \`configure\` too. It is validated as a whole before any of it applies, and the
refusal names field, value, unit and what is allowed.

### Start-up

Whatever is wrong at a start, the switches are open (but not those that a pack has closed [in flight](#cuts-the-power)) and the device can be
talked to. There is no state from which only a soldering iron helps:

- **Before anything else** both switch pins are low, and the bus is freed by nine clocks. Until then pull-downs hold the switches open.
- **A part is missing, wrong or does not hold its settings:** it says which one (\`self-test failed: ...\`) and tries again every ${RETRY}. Service commands
  are answered meanwhile.
- **The configuration is refused, or not the one that was authorised:** everything is watched, nothing is run. \`configure\` mends it.
- **The cell is empty or full:** the self-test tries no discharge below ${selfTest_V('LOWEST_MV')}, no charge above
  ${selfTest_V('HIGHEST_MV')} or below ${selfTest_V('CHARGED_FROM_MV')}; it passes all the same.
- **A row is tripped at the start:** the self-test waits and begins anew once the switches may move.
- **Latches of before** are still latched; they were recorded ([records](records.md)).
- **Resets again and again:** the row [reset storm](#reset-storm) opens the switches. It counts starts without an hour of service between them.`;

export const FLIGHT_INTRO = `A pack that cuts its power drops the aircraft. So a board whose configuration has \`policy\` ${Policy.Flight} (in a [board file](boards/board-files.md)
\`"flight"\`) warns and limits, and cuts only for what is worse than a fall. This is a choice, made in the rows of the table, tested, and
written here. On a cycler (\`policy\` ${Policy.Cycler}, \`"cycler"\`, the default) a stop harms nobody, and the same rows open the switches.

How a warning reaches the flight controller is on the [drone pack's page](boards/drone.md). What it then does is for the flight controller or the
pilot to decide: **let the default be to land**.`;
