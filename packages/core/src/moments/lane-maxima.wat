;; The largest value of many lanes at once. A lane is a column of a matrix of float32s; four neighbours are a group.
;;
;; The matrix is read in blocks of rows that stay in the cache closest to the processor, each block group
;; by group. pmax(a, b) is a unless b is larger, so that NaN never gets in.
(module
  (import "" "" (memory 0))
  (func (export "")
    (param $at i32)      ;; address of the matrix
    (param $rows i32)    ;; at least 1
    (param $stride i32)  ;; bytes of one row, a multiple of 16
    (param $block i32)   ;; rows of one block, at least 1
    (param $maxima i32)  ;; address of as many bytes, for one row of maxima; need not be set
    (local $isLater i32) (local $count i32) (local $left i32) (local $from i32)
    (local $group i32) (local $groupEnd i32) (local $rest i32) (local $max v128)
    (loop $blocks
      (local.set $count
        (select (local.get $block) (local.get $rows)
          (i32.lt_u (local.get $block) (local.get $rows))))
      (local.set $group (local.get $at))
      (local.set $groupEnd (i32.add (local.get $at) (local.get $stride)))
      (local.set $rest (local.get $maxima))
      (loop $groups
        (local.set $max
          (if (result v128) (local.get $isLater)
            (then (v128.load (local.get $rest)))
            (else (v128.const f32x4 -inf -inf -inf -inf))))
        (local.set $left (local.get $count))
        (local.set $from (local.get $group))
        (loop $values
          (local.set $max (f32x4.pmax (local.get $max) (v128.load (local.get $from))))
          (local.set $from (i32.add (local.get $from) (local.get $stride)))
          (br_if $values (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (v128.store (local.get $rest) (local.get $max))
        (local.set $rest (i32.add (local.get $rest) (i32.const 16)))
        (br_if $groups
          (i32.ne
            (local.tee $group (i32.add (local.get $group) (i32.const 16)))
            (local.get $groupEnd))))
      (local.set $at
        (i32.add (local.get $at) (i32.mul (local.get $count) (local.get $stride))))
      (local.set $isLater (i32.const 1))
      (br_if $blocks
        (local.tee $rows (i32.sub (local.get $rows) (local.get $count)))))))
