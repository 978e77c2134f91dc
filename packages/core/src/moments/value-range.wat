;; The least and the largest of values, eight at a time.
;;
;; pmin(a, b) is a unless b is less, and pmax(a, b) a unless b is larger, so that NaN never gets in.
(module
  (import "" "" (memory 0))
  (func (export "")
    (param $at i32)   ;; address of the first value
    (param $end i32)  ;; where the last one ends, a multiple of 32 bytes after that
    (result f32)      ;; Infinity where there is none
    (result f32)      ;; -Infinity where there is none
    (local $value v128) (local $min v128) (local $max v128) (local $otherMin v128) (local $otherMax v128)
    (local.set $min (v128.const f32x4 inf inf inf inf))
    (local.set $max (v128.const f32x4 -inf -inf -inf -inf))
    (local.set $otherMin (local.get $min))
    (local.set $otherMax (local.get $max))
    (loop $values
      (local.set $value (v128.load (local.get $at)))
      (local.set $min (f32x4.pmin (local.get $min) (local.get $value)))
      (local.set $max (f32x4.pmax (local.get $max) (local.get $value)))
      (local.set $value (v128.load offset=16 (local.get $at)))
      (local.set $otherMin (f32x4.pmin (local.get $otherMin) (local.get $value)))
      (local.set $otherMax (f32x4.pmax (local.get $otherMax) (local.get $value)))
      (br_if $values
        (i32.ne
          (local.tee $at (i32.add (local.get $at) (i32.const 32)))
          (local.get $end))))
    (local.set $min (f32x4.pmin (local.get $min) (local.get $otherMin)))
    (local.set $max (f32x4.pmax (local.get $max) (local.get $otherMax)))
    (f32.min
      (f32.min (f32x4.extract_lane 0 (local.get $min)) (f32x4.extract_lane 1 (local.get $min)))
      (f32.min (f32x4.extract_lane 2 (local.get $min)) (f32x4.extract_lane 3 (local.get $min))))
    (f32.max
      (f32.max (f32x4.extract_lane 0 (local.get $max)) (f32x4.extract_lane 1 (local.get $max)))
      (f32.max (f32x4.extract_lane 2 (local.get $max)) (f32x4.extract_lane 3 (local.get $max))))))
