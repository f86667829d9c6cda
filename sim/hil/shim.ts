import { AHEAD_DOUBLE, AHEAD_LEVEL, FRAME, ORDER } from './frames';
import { NO_CHANCE, PIN_COUNT } from './nodeDevice';
import type { StateLayout } from './state';

/** File descriptors at which the interpreter finds its ends of the two FIFOs. */
const ANSWERS_FD = 3;
const REQUESTS_FD = 4;

/** Turns of the Leibniz loop timed along with a tick. */
const LEIBNIZ_STEPS = 100;

/** Numbers that stand before the firmware's state in a `done` frame. */
export const DONE_HEADER = ['tick_us', 'leibniz_us', 'memory'] as const;

/** Leibniz's series for pi: the loop that interpreters are timed with. */
const LEIBNIZ_SOURCE =
  'function leibniz(n){var x=-1,pi=0;for(var i=1;i<=n;i++){x=x*-1;pi=pi+(x/(2*i-1));}return 4*pi;}';

/**
 * Boot files that stand before the firmware's: the shim in RAM, so that its size and pace stay out of the firmware's, and the
 * Leibniz loop in flash, where the firmware runs.
 */
export const SHIM_BOOT_FILES = {
  '.boot0': 'bareVars=process.memory().usage;eval(require("fs").readFileSync("shim.js"));',
  '.boot1': `${LEIBNIZ_SOURCE}shimVars=realMemory().usage;`,
};

/** The same with loop and firmware in RAM; the firmware lies in `bundle.js`. */
export const RAM_BOOT_FILES = {
  '.boot1': `eval(${JSON.stringify(LEIBNIZ_SOURCE)});shimVars=realMemory().usage;`,
  '.bootcde': 'eval(require("fs").readFileSync("bundle.js"));',
};

/** The command for the interpreter once it has booted. */
export const SHIM_COMMAND = 'hil()';

/**
 * What is put under the firmware on a PC: JavaScript for the interpreter that replaces its hardware globals (I2C1, pins, ADC,
 * time, timers, watchdog, print) by exchanges over two FIFOs. Root variables hide built-ins, so the bundle stays as it is. It
 * is run before the boot code, from RAM, and is no part of the firmware. `hil()` then calls the timers that the simulator names
 * and reports the firmware's state after each. It finds the JsVars in use before and after itself in `bareVars` and `shimVars`.
 */
export function shimSource(state: StateLayout): string {
  return `(function(){
var realTime=getTime,F=[0],queue,ahead;
var input=E.openFile("/dev/fd/${ANSWERS_FD}","r"),output=E.openFile("/dev/fd/${REQUESTS_FD}","w");
function double(x){return new Uint8Array(new Float64Array([x]).buffer);}
function readDouble(){return new Float64Array(E.toArrayBuffer(input.read(8)))[0];}
function readByte(){return input.read(1).charCodeAt(0);}
function live(frame){output.write(frame);}
function text(kind,s){output.write([kind,s.length&255,s.length>>8]);if(s.length)output.write(s);}
function acknowledged(){if(input.read(1)!="\\0")throw new Error("I2C: not acknowledged");}
var send=live;

// I2C, pins and time over the link
var liveI2C={
readReg:function(a,r,n){output.write([${FRAME.readReg},a,r,n]);acknowledged();return E.toUint8Array(input.read(n));},
readFrom:function(a,n){output.write([${FRAME.readFrom},a,n]);acknowledged();return E.toUint8Array(input.read(n));},
writeTo:function(a,d){output.write(E.toUint8Array([${FRAME.writeTo},a,d.length],d));acknowledged();}};
function liveTime(){output.write([${FRAME.getTime}]);return readDouble();}
function liveAnalog(p){output.write([${FRAME.analogRead},p.index]);return readDouble();}
function livePin(){output.write([${FRAME.pinRead},this.index]);return readByte()==1;}

function Pins(i){this.index=i;}
Pins.prototype.mode=function(m){send([${FRAME.pinMode},this.index,m.length]);send(m);};
Pins.prototype.write=function(v){send([${FRAME.pinWrite},this.index,v?1:0]);};
for(var i=0;i<${PIN_COUNT};i++)global["D"+i]=new Pins(i);
global.Pin=function(name){return global[name];};
// Assigned by its bare name: "global.I2C1 = x" does not hide the built-in bus.
I2C1={setup:function(o){var b=o.bitrate||100000;b=b/100|0;send([${FRAME.i2cSetup},b&255,b>>8]);}};

// Nobody listens to it: what is sent there costs as little as a native function.
Serial2={setup:function(){},on:isNaN,write:isNaN};

function timerFrame(id,ms,repeat){return E.toUint8Array([${FRAME.setTimer},id,repeat],double(ms));}
function setTimer(f,ms,repeat){
  var id=1;while(F[id])id++;
  F[id]={f:f,repeat:repeat};
  send(timerFrame(id,ms,repeat));
  return id;}
function clearTimer(id){F[id]=0;send([${FRAME.clearTimer},id]);}
function liveTimeout(f,ms){return setTimer(f,ms,0);}
global.setInterval=function(f,ms){return setTimer(f,ms,1);};
global.clearTimeout=global.clearInterval=clearTimer;
var memory=process.memory;
global.realMemory=memory;
process.memory=function(collect){memory(collect!==false);return {total:4500,usage:3000,free:1500};};
E.hwRand=function(){return ${NO_CHANCE};};
global.print=console.log=function(){
  var s=[].slice.call(arguments).join(" ");
  send([${FRAME.print},s.length&255,s.length>>8]);if(s.length)send(s);};
E.enableWatchdog=function(s){send(E.toUint8Array([${FRAME.enableWatchdog}],double(s)));};
function liveKick(){send([${FRAME.kickWatchdog}]);}

function useLive(){
  E.kickWatchdog=liveKick;global.setTimeout=liveTimeout;
  send=live;I2C1.readReg=liveI2C.readReg;I2C1.readFrom=liveI2C.readFrom;I2C1.writeTo=liveI2C.writeTo;
  global.getTime=liveTime;global.analogRead=liveAnalog;Pins.prototype.read=livePin;}
// What stands in for a native function is native itself and costs as little: encoding waits until the time is taken.
var kick=[${FRAME.kickWatchdog}];
function timedWrite(a,d){queue.push(E.toUint8Array([${FRAME.writeTo},a,d.length],d));}
function timedTimeout(f,ms){
  var id=1;while(F[id])id++;
  F[id]={f:f,repeat:0};
  queue.push({id:id,ms:ms});
  return id;}
function flush(entry){live(entry.id?timerFrame(entry.id,entry.ms,0):entry);}
function useAhead(){
  queue=[];
  E.kickWatchdog=queue.push.bind(queue,kick);global.setTimeout=timedTimeout;
  send=function(frame){queue.push(frame);};
  I2C1.writeTo=timedWrite;
  // Extra arguments do not matter to it.
  I2C1.readReg=I2C1.readFrom=global.getTime=global.analogRead=Pins.prototype.read=ahead.pop.bind(ahead);}
function readAhead(){
  ahead=[];
  for(var n=readByte()+256*readByte();n>0;n--){
    var k=readByte();
    ahead.push(k==${AHEAD_DOUBLE}?readDouble():k==${AHEAD_LEVEL}?readByte()==1:E.toUint8Array(input.read(k)));}
  // Taken from the end; what is first shows whether one too many was.
  ahead.push(0);ahead.reverse();}
function callback(id){var t=F[id];if(!t.repeat)F[id]=0;return t.f;}

function failed(e){text(${FRAME.failed},""+(e&&e.stack?e+"\\n"+e.stack:e));}
function timed(id){
  readAhead();
  var f=callback(id),t,passed;
  useAhead();
  t=realTime();f();passed=realTime()-t;
  useLive();
  queue.forEach(flush);
  if(ahead.length!=1)throw new Error("asked for another number of readings: "+(1-ahead.length)+" too many");
  ahead=queue=f=undefined;
  v[0]=passed*1e6;
  v[2]=memory(false).usage;
  t=realTime();leibniz(${LEIBNIZ_STEPS});v[1]=(realTime()-t)*1e6/${LEIBNIZ_STEPS};}

useLive();
var v=new Float64Array(${DONE_HEADER.length + state.names.length}),bytes=new Uint8Array(v.buffer);
var head=[${FRAME.done},v.length&255,v.length>>8],values=new Float64Array(v.buffer,${DONE_HEADER.length * 8});
var read=${state.readSource};
global.hil=function(){
  try{
    var m=memory(),flash=require("Storage").read(".bootcde");
    text(${FRAME.report},JSON.stringify({version:process.version,bare:bareVars,shim:shimVars-bareVars,booted:m.usage,total:m.total,
      blocksize:m.blocksize,bytes:flash.length,crc32:E.CRC32(flash)}));
    for(var order;;){
      read(values);
      output.write(head);output.write(bytes);
      order=readByte();
      v[0]=v[1]=v[2]=0;
      if(order==${ORDER.call})callback(readByte())();
      else if(order==${ORDER.callTimed})timed(readByte());
      else break;}
    m=memory();
    text(${FRAME.report},JSON.stringify({usage:m.usage,total:m.total}));
  }catch(e){failed(e);}
};
})();`;
}
