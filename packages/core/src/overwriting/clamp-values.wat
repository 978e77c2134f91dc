;; Clamps values where they lie, four at a time, from 0 up to $most: what the backend's own kernels for ReLU and ReLU6
;; write elsewhere.
;;
;; pmax(0, x) is 0 unless x is larger, so that -0 becomes 0. NaN becomes 0, too: look for it before.
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
        (f32x4.pmin
          (f32x4.pmax (v128.const i64x2 0 0) (v128.load (local.get $at)))
          (local.get $limit)))
      (br_if $values
        (i32.ne
          (local.tee $at (i32.add (local.get $at) (i32.const 16)))
          (local.get $end))))))
