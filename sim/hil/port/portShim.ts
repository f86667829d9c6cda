/**
 * What is put under the firmware on a device that is reached by its console alone. It replaces bus, pins, converter, time, timers,
 * watchdog, print, raw flash and the configuration's file by a recording that comes in batches; no real pin, bus or flash is
 * touched. It lives in RAM: a reset drops it, and it makes one itself when no batch has come for a while, so that a board
 * whose tester is gone starts the firmware it holds.
 */
import { transformSync } from 'esbuild';
import { NO_CHANCE } from '../nodeDevice';
import { sayWith } from './console';
import { AHEAD, GIVEN, NOTES_MAX, OP, TICK_HEADER, TIMED } from './tickCode';

/** Without a batch for so long the device restarts by itself. */
export const DEADMAN_S = 40;
/** Turns of the Leibniz loop that is timed with a batch. */
const LEIBNIZ_STEPS = 50;
/**
 * The loop. It must lie where the firmware's code does: a PC's interpreter reads its flash from a file, four times slower than
 * memory, so there it is put into a file for the time of the test; a board maps its flash. `hilPace` on the device.
 */
export const PACE_FILE = 'hil-pace';
export const PACE_SOURCE = '(function(n){var x=-1,pi=0;for(var i=1;i<=n;i++){x=x*-1;pi=pi+(x/(2*i-1));}return 4*pi;})';
const TICK_REPORT_BYTES = 8;

/**
 * `hilText` holds what was sent, in pieces: `hil.file(name)` makes a file of it, `hil.begin(batch, realtime)` a batch. Where that begins with
 * the boot code `hil.boot` is "due": then the console itself calls `hil.start()`, evaluates it and makes that "over". No scope may stand
 * around it, neither one of the shim nor a block, whose `let` and `const` each function would drag along. `hil.go(n, batch)` runs the
 * batch once and answers command n. `hil.state` tells numbers `from` to `from+count` of all that the firmware keeps, as
 * `describeState` lists them. `hil.list` is set where every note shall be listed, `hil.copied` where code shall be copied out of flash
 * before it runs.
 */
const SOURCE = `(function(){
var callbacks=[0],data,view,at=0,began,notes=new Uint8Array(${NOTES_MAX}),noted=0,crc=0,written,
  batch=0,done,answer,report,words,micros,ticks,index,origin,due,late,turns,most,failure,dead,asked,ahead,idle=Math.abs,
  realTime=getTime,later=setTimeout,cancel=clearTimeout,restart=load,memory=process.memory,kick=E.kickWatchdog,watch=E.enableWatchdog,
  storage=require("Storage"),files={},shrink,seen,vector,slot,passing;
try{shrink=require("heatshrink");}catch(e){}
watch(${DEADMAN_S},false);
function fold(){
  crc=E.CRC32(new Uint8Array(notes.buffer,0,noted));
  notes[0]=crc;notes[1]=crc>>8;notes[2]=crc>>16;notes[3]=crc>>24;noted=4;}
function note(op,a,b,c){
  if(noted==${NOTES_MAX})fold();
  notes[noted++]=op;notes[noted++]=a;notes[noted++]=b;notes[noted++]=c;
  if(hil.list)hil.list.push(op,a&255,b&255,c&255);}
function sum(op,d){var c=E.CRC32(d);note(op,c,c>>8,c>>16);}
function place(op,a){note(op,a,a>>8,a>>16);}
function bytes(n){
  var given=data[at++];
  if(given==${GIVEN.nack})throw new Error("I2C: not acknowledged");
  if(given==${GIVEN.fill})return new Uint8Array(n).fill(data[at++]);
  if(given==${GIVEN.lastWritten})return new Uint8Array(written);
  return taken(n);}
// Not by slice, which goes through the array from its begin.
function taken(n){at+=n;return new Uint8Array(new Uint8Array(data.buffer,at-n,n));}
function number(){at+=8;return view.getFloat64(at-8,true);}
function readReg(a,r,n){note(${OP.readReg},a,r,n);return bytes(n);}
function readFrom(a,n){note(${OP.readFrom},a,n,0);return bytes(n);}
function noteKick(){note(${OP.kickWatchdog},0,0,0);}
function live(){
  I2C1.readReg=readReg;I2C1.readFrom=readFrom;E.kickWatchdog=noteKick;
  global.getTime=number;global.analogRead=analog;Pins.prototype.read=level;}
// While a tick is timed what stands in for a native function is native itself: answers are taken from the end of an array.
function ready(){
  var n=data[at]+256*data[at+1],k;
  at+=2;ahead=[];
  while(n--){
    k=data[at++];
    if(k==${AHEAD.double})ahead.push(number());
    else if(k==${AHEAD.level})ahead.push(data[at++]==1);
    else ahead.push(taken(k));}
  ahead.push(0);ahead.reverse();
  I2C1.readReg=I2C1.readFrom=global.getTime=global.analogRead=Pins.prototype.read=ahead.pop.bind(ahead);
  E.kickWatchdog=idle;}

I2C1={
setup:function(o){var b=(o.bitrate||100000)/100;note(${OP.i2cSetup},b,b>>8,0);},
writeTo:function(a,d){note(${OP.writeTo},a,d.length,0);sum(${OP.writeTo},d);if(!ahead&&data[at++])throw new Error("I2C: not acknowledged");}};
function Pins(i){this.i=i;}
Pins.prototype={
mode:function(m){note(${OP.pinMode},this.i,0,0);sum(${OP.pinMode},m);},
write:function(v){note(${OP.pinWrite},this.i,v?1:0,0);}};
function level(){note(${OP.pinRead},this.i,0,0);return data[at++]==1;}
function analog(p){note(${OP.analogRead},p.i,0,0);return number();}
global.Pin=function(name){return new Pins(parseInt(name.substr(1)));};
live();
function setTimer(f,ms,repeat){
  var id=1;while(callbacks[id])id++;
  callbacks[id]={f:f,repeat:repeat};
  note(${OP.setTimer},id+128*repeat,ms,ms>>8);
  return id;}
global.setTimeout=function(f,ms){return setTimer(f,ms,0);};
global.setInterval=function(f,ms){return setTimer(f,ms,1);};
global.clearTimeout=global.clearInterval=function(id){callbacks[id]=0;note(${OP.clearTimer},id,0,0);};
var out=print;
${sayWith('out')};
function sent(){
  var t=hilText.join("");
  hilText=undefined;
  return shrink?shrink.decompress(t):E.toArrayBuffer(t);}
// In no scope of its own: one that holds a function of itself is never dropped.
function walk(x,counts){
  var t=typeof x,k,a,b;
  if(t=="function")return;
  if(!x||t!="object"){
    if(!counts)return;
    if(slot>=0&&slot<vector.length)vector[slot]=t=="string"?E.CRC32(x):t=="number"?x:x?1:0;
    slot++;return;}
  if(x.byteLength!==undefined){
    if(!counts)return;
    a=slot<0?-slot:0;b=x.length<vector.length-slot?x.length:vector.length-slot;
    if(a<b)vector.set(x.slice(a,b),slot+a);
    slot+=x.length;return;}
  if(seen.indexOf(x)>=0)return;
  seen.push(x);
  for(k in x)if(passing.indexOf(k)<0)walk(x[k],counts);}
function leave(x){walk(x,false);}
global.print=console.log=function(){sum(${OP.print},[].slice.call(arguments).join(" "));};
E.enableWatchdog=function(s){note(${OP.enableWatchdog},s,0,0);};
E.kickWatchdog=noteKick;
E.hwRand=function(){return ${NO_CHANCE};};
E.setConsole=function(){};
process.memory=function(collect){if(collect!==false)memory();return {total:4500,usage:3000,free:1500};};
process.env={BOARD:"ESP32",SERIAL:"simulated"};
global.peek32=function(){return 1;};
global.hil={
Storage:{
  read:function(name,offset,length){
    // What passes here must not count as passed: the loader is told nothing.
    if(name.slice(-8)=="manifest")return undefined;
    var file=files[name];
    if(file!==undefined)return file.substr(offset||0,length);
    file=storage.read(name,offset,length);
    return hil.copied&&file?"".concat(file):file;},
  write:function(name,d){sum(${OP.storeWrite},name);sum(${OP.storeWrite},d);files[name]=d;return true;},
  erase:function(name){sum(${OP.storeErase},name);files[name]=undefined;},
  getFree:function(){return 0x40000;}},
Flash:{
  read:function(n,a){place(${OP.flashRead},a);note(${OP.flashRead},n,n>>8,0);return bytes(n);},
  write:function(d,a){place(${OP.flashWrite},a);sum(${OP.flashWrite},d);written=new Uint8Array(d);},
  erasePage:function(a){place(${OP.flashErase},a);},
  getPage:function(a){return {addr:a-a%4096,length:4096};}},
list:undefined,
copied:false,
shrinks:!!shrink,
usage:function(){answer=written=undefined;return memory().usage;},
drop:function(){
  callbacks=[0];files={};hilText=batch=data=view=written=undefined;
  Object.keys(global).forEach(function(k){if(kept.indexOf(k)<0)delete global[k];});
  return hil.usage();},
file:function(name){if(hilText)files[name]=atob(btoa(sent()));return files[name].length;},
begin:function(n,realtime){
  if(dead)cancel(dead);
  dead=later(restart,${DEADMAN_S * 1000});kick();
  if(n==batch)return n;
  data=new Uint8Array(sent());
  batch=n;failure="";began=ahead=undefined;done=false;answer=undefined;
  view=new DataView(data.buffer);
  ticks=data[0]+256*data[1];at=2;index=late=turns=most=due=0;
  report=new Uint8Array(ticks*${TICK_REPORT_BYTES});
  words=new Uint32Array(report.buffer);micros=new Float32Array(report.buffer);
  origin=realtime?realTime():0;
  hil.boot=data[at]==0?"due":"over";
  return n;},
start:function(){
  hil.boot="begun";
  at+=${TICK_HEADER};start();},
go:function(n,b){
  if(b!=batch){hilSay(n,"!");return;}
  asked=n;
  if(done){if(answer)hilSay(n,answer);return;}
  done=true;
  if(!failure&&began!==undefined)end();
  if(origin&&!failure&&index<ticks){schedule();return;}
  while(!failure&&index<ticks)tick();
  tell();},
fail:function(e){failure=e;return e;},
state:function(root,except,names,from,count){
  seen=[];vector=new Float64Array(count);slot=-from;passing=names;
  except.forEach(leave);
  walk(root,true);
  root=slot+from+" "+btoa(vector.buffer);
  seen=vector=passing=undefined;
  return root;}};
Modules.addCached("Storage","['read','write','erase','getFree'].forEach(function(k){exports[k]=hil.Storage[k];})");
Modules.addCached("Flash","['read','write','erasePage','getPage'].forEach(function(k){exports[k]=hil.Flash[k];})");

var kept=Object.keys(global);
function start(){noted=crc=0;began=at;}
function end(){
  var n=ahead?ahead.length:at-began;
  note(${OP.end},n,n>>8,n>>16);fold();
  began=ahead=undefined;
  words[2*index++]=crc;}
function tick(){
  var id=data[at],timed=id&${TIMED},t,f,passed;
  at+=${TICK_HEADER};
  id&=${TIMED - 1};
  t=callbacks[id];
  if(!t){failure="timer "+id+" is not set";return;}
  if(!t.repeat)callbacks[id]=0;
  f=t.f;t=undefined;
  start();
  try{
    if(timed){
      ready();
      passed=realTime();f();passed=realTime()-passed;
      live();
      micros[2*index+1]=passed*1e6;turns=${LEIBNIZ_STEPS};
      id=memory().usage;if(id>most)most=id;
    }else f();
  }catch(e){failure="tick "+index+": "+e+(e.stack||"").split("\\n").slice(0,2).join(" ");return;}
  end();}
function schedule(){
  due+=data[at+1]+256*data[at+2];
  later(function(){
    var l=(realTime()-origin)*1e3-due;
    micros[2*index+1]=l;
    tick();
    if(!failure&&index<ticks)schedule();else tell();
  },Math.max(due-(realTime()-origin)*1e3,0));}
function tell(){
  var leibniz=0;
  if(turns){leibniz=realTime();hilPace(${LEIBNIZ_STEPS});leibniz=(realTime()-leibniz)*1e6/${LEIBNIZ_STEPS};}
  if(most)most-=memory().usage;
  data=view=words=micros=undefined;
  // Without what the batch itself takes: its report is there in bytes still.
  if(most)most+=memory().usage-E.getSizeOf(report);
  answer=(failure?"!"+btoa(failure):btoa(report.buffer))+","+leibniz+","+most;
  if(hil.list)answer+=","+btoa(hil.list);
  report=undefined;
  hilSay(asked,answer);
  if(hil.list)hil.list=[];}
})();`;

/** The shim as one line for the console. */
export function portShim(): string {
  return transformSync(SOURCE, { minify: true, target: 'es2015', charset: 'ascii', legalComments: 'none' }).code.trim();
}
