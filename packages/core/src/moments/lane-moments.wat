;; Moments of many lanes at once. A lane is a column of a matrix of float32s; four neighbours are a group.
;;
;; The matrix is read in blocks of rows that stay in the cache closest to the processor, each block group
;; by group. What is found of a group is added to 112 bytes at $state:
;;
;;     0  how many values are > 0, negative       4 × i32
;;    16  smallest value                          4 × f32
;;    32  largest value                           4 × f32
;;    48  sum of values                           4 × f64
;;    80  sum of squared values                   4 × f64
;;
;; Sums begin anew in each block, so that rounding adds up over the rows of one and over the blocks, not over
;; all rows.
;;
;; Squares of float32s are exact in float64, and do not overflow it, so that the last sum is finite if and only
;; if all values are. Hence pmin and pmax: one instruction each where min and max, which hand NaN on, take
;; several. Additions are what the loop waits for, and floats are compared where they are added, but integers
;; are not: a float32 other than NaN is positive if its bits are, as an integer.
(module
  (import "" "" (memory 0))
  (func (export "")
    (param $at i32)      ;; address of the matrix
    (param $rows i32)    ;; at least 1
    (param $stride i32)  ;; bytes of one row, a multiple of 16
    (param $block i32)   ;; rows of one block, at least 1
    (param $state i32)   ;; address of 7 bytes for each byte of a row; need not be set
    (local $isLater i32) (local $count i32) (local $left i32) (local $from i32)
    (local $group i32) (local $groupEnd i32) (local $rest i32) (local $value v128)
    (local $min v128) (local $max v128) (local $positive v128) (local $low v128) (local $high v128)
    (local $lowSum v128) (local $highSum v128) (local $lowSquares v128) (local $highSquares v128)
    (loop $blocks
      (local.set $count
        (select (local.get $block) (local.get $rows)
          (i32.lt_u (local.get $block) (local.get $rows))))
      ;; Columns are read much faster once the rows that they cross are in the cache.
      (local.set $from (local.get $at))
      (local.set $groupEnd
        (i32.add (local.get $at) (i32.mul (local.get $count) (local.get $stride))))
      (loop $lines
        (local.set $value (v128.or (local.get $value) (v128.load (local.get $from))))
        (br_if $lines
          (i32.lt_u
            (local.tee $from (i32.add (local.get $from) (i32.const 64)))
            (local.get $groupEnd))))
      (local.set $group (local.get $at))
      (local.set $groupEnd (i32.add (local.get $at) (local.get $stride)))
      (local.set $rest (local.get $state))
      (loop $groups
        (local.set $min (v128.load (local.get $group)))
        (local.set $max (local.get $min))
        (local.set $positive (v128.const i64x2 0 0))
        (local.set $lowSum (v128.const i64x2 0 0))
        (local.set $highSum (v128.const i64x2 0 0))
        (local.set $lowSquares (v128.const i64x2 0 0))
        (local.set $highSquares (v128.const i64x2 0 0))
        (local.set $left (local.get $count))
        (local.set $from (local.get $group))
        (loop $values
          (local.set $value (v128.load (local.get $from)))
          (local.set $low (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $from))))
          (local.set $high
            (f64x2.promote_low_f32x4 (v128.load64_zero offset=8 (local.get $from))))
          (local.set $min (f32x4.pmin (local.get $min) (local.get $value)))
          (local.set $max (f32x4.pmax (local.get $max) (local.get $value)))
          (local.set $positive
            (i32x4.add (local.get $positive)
              (i32x4.gt_s (local.get $value) (v128.const i64x2 0 0))))
          (local.set $lowSum (f64x2.add (local.get $lowSum) (local.get $low)))
          (local.set $highSum (f64x2.add (local.get $highSum) (local.get $high)))
          (local.set $lowSquares
            (f64x2.add (local.get $lowSquares) (f64x2.mul (local.get $low) (local.get $low))))
          (local.set $highSquares
            (f64x2.add (local.get $highSquares) (f64x2.mul (local.get $high) (local.get $high))))
          (local.set $from (i32.add (local.get $from) (local.get $stride)))
          (br_if $values (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (if (local.get $isLater)
          (then
            (local.set $positive
              (i32x4.add (local.get $positive) (v128.load (local.get $rest))))
            (local.set $min (f32x4.pmin (local.get $min) (v128.load offset=16 (local.get $rest))))
            (local.set $max (f32x4.pmax (local.get $max) (v128.load offset=32 (local.get $rest))))
            (local.set $lowSum
              (f64x2.add (local.get $lowSum) (v128.load offset=48 (local.get $rest))))
            (local.set $highSum
              (f64x2.add (local.get $highSum) (v128.load offset=64 (local.get $rest))))
            (local.set $lowSquares
              (f64x2.add (local.get $lowSquares) (v128.load offset=80 (local.get $rest))))
            (local.set $highSquares
              (f64x2.add (local.get $highSquares) (v128.load offset=96 (local.get $rest))))))
        (v128.store (local.get $rest) (local.get $positive))
        (v128.store offset=16 (local.get $rest) (local.get $min))
        (v128.store offset=32 (local.get $rest) (local.get $max))
        (v128.store offset=48 (local.get $rest) (local.get $lowSum))
        (v128.store offset=64 (local.get $rest) (local.get $highSum))
        (v128.store offset=80 (local.get $rest) (local.get $lowSquares))
        (v128.store offset=96 (local.get $rest) (local.get $highSquares))
        (local.set $rest (i32.add (local.get $rest) (i32.const 112)))
        (br_if $groups
          (i32.ne
            (local.tee $group (i32.add (local.get $group) (i32.const 16)))
            (local.get $groupEnd))))
      (local.set $at
        (i32.add (local.get $at) (i32.mul (local.get $count) (local.get $stride))))
      (local.set $isLater (i32.const 1))
      (br_if $blocks
        (local.tee $rows (i32.sub (local.get $rows) (local.get $count)))))))
