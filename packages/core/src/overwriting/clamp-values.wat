;; Clamps values where they lie, four at a time, from 0 up to $most: what the backend's own kernels for ReLU and ReLU6
;; write elsewhere.
;;
;; As integers: of floats that are not negative the order is the same, and all others, -0 too, are negative integers.
;; NaN may become 0, too: look for it before.
(module
  (import "" "" (memory 0))
  (func (export "")
    (param $at i32)    ;; address of the first value
    (param $end i32)   ;; where the last one ends, a multiple of 16 bytes after that
    (param $most f32)  ;; Infinity for no limit
    (local $limit v128)
    (local.set $limit (f32x4.splat (local.get $most)))
    (loop $values
      (v128.store (local.get $at)
        (i32x4.min_s
          (i32x4.max_s (v128.const i64x2 0 0) (v128.load (local.get $at)))
          (local.get $limit)))
      (br_if $values
        (i32.ne
          (local.tee $at (i32.add (local.get $at) (i32.const 16)))
          (local.get $end))))))
