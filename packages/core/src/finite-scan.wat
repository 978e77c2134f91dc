;; The largest of values, whatever their signs, four at a time: as integers, with their signs shifted out, so that
;; Infinity is larger than every number, and NaN larger than that.
(module
  (import "" "" (memory 0))
  (func (export "")
    (param $at i32)   ;; address of the first value
    (param $end i32)  ;; where the last one ends, a multiple of 16 bytes after that
    (result f32 f32 f32 f32)
    (local $largest v128)
    (loop $values
      (local.set $largest
        (i32x4.max_u
          (local.get $largest)
          (i32x4.shl (v128.load (local.get $at)) (i32.const 1))))
      (br_if $values
        (i32.lt_u
          (local.tee $at (i32.add (local.get $at) (i32.const 16)))
          (local.get $end))))
    (local.set $largest (i32x4.shr_u (local.get $largest) (i32.const 1)))
    (f32x4.extract_lane 0 (local.get $largest))
    (f32x4.extract_lane 1 (local.get $largest))
    (f32x4.extract_lane 2 (local.get $largest))
    (f32x4.extract_lane 3 (local.get $largest))))
