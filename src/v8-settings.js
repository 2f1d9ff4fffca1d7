// Settings of V8 that make requests cheaper. Plain JavaScript, since the entry point loads this module first.
import { createHook } from 'node:async_hooks'
import { setFlagsFromString } from 'node:v8'

// V8 would create objects of requests in the old generation, although they are short-lived.
setFlagsFromString('--no-allocation-site-pretenuring')

/**
 * An object of the kind that `process.nextTick` creates for each call. It is kept, since V8 would forget the shape of
 * these objects if the first garbage collection found none of them. From then on, V8 would use a slow path: 0.4 instead
 * of 0.1 µs for each of a request's four calls.
 *
 * @type {object | undefined}
 */
export let keptTick

const hook = createHook({
  init(_id, _type, _trigger, resource) {
    keptTick = resource
  },
}).enable()
process.nextTick(() => {})
hook.disable()
