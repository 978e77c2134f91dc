;; How many values are in each bin of a histogram, four at a time.
;;
;; bin(value) = floor((value - pivot) * scale), the pivot being an edge, less 1 if edges are compared and that one's is larger.
;; bin-finder.ts makes sure that this is right for all values from $low to $high.
;;
;; Bins have four counts each, i32s at $table, one for each value of four: to add to one that has just been
;; written takes a while. A float64 of 2^48 to 2^49 counts sixteenths in its lower bits, so that 2^48 plus a sixteenth of
;; an address, plus a bin, is there the address of the bin's counts.
;;
;; pmax(a, b) is a unless b is larger: NaN becomes $low, so that it never gets into an address.
(module
  (import "" "" (memory 0))
  (func (export "")
    (param $at i32)      ;; address of the first value
    (param $end i32)     ;; where the last one ends, a multiple of 16 bytes after that
    (param $low f32)     ;; what smaller values are counted as
    (param $high f32)    ;; what larger ones are
    (param $pivot f64)
    (param $scale f64)
    (param $width f64)   ;; bin i begins at pivot + i * width; 0 if edges need not be compared
    (param $table f64)   ;; 2^48, plus a sixteenth of the address of the counts of bin 0
    (result i32)         ;; how many values are larger than $high
    (result i32)         ;; whether any is not finite
    (local $value v128) (local $pair v128) (local $bins v128) (local $above v128) (local $notFinite v128)
    (local $lows v128) (local $highs v128) (local $pivots v128) (local $scales v128) (local $widths v128)
    (local $tables v128) (local $isCompared i32) (local $address i32)
    (local.set $lows (f32x4.splat (local.get $low)))
    (local.set $highs (f32x4.splat (local.get $high)))
    (local.set $pivots (f64x2.splat (local.get $pivot)))
    (local.set $scales (f64x2.splat (local.get $scale)))
    (local.set $widths (f64x2.splat (local.get $width)))
    (local.set $isCompared (f64.ne (local.get $width) (f64.const 0)))
    (local.set $tables (f64x2.splat (local.get $table)))
    (loop $values
      (local.set $value (v128.load (local.get $at)))
      (local.set $above
        (i32x4.sub (local.get $above) (f32x4.gt (local.get $value) (local.get $highs))))
      ;; A finite value less itself is 0, of which all bits are 0.
      (local.set $notFinite
        (v128.or (local.get $notFinite) (f32x4.sub (local.get $value) (local.get $value))))
      (local.set $value
        (f32x4.pmin (local.get $highs) (f32x4.pmax (local.get $lows) (local.get $value))))
      (local.set $pair (f64x2.promote_low_f32x4 (local.get $value)))
      (local.set $bins
        (f64x2.floor
          (f64x2.mul (f64x2.sub (local.get $pair) (local.get $pivots)) (local.get $scales))))
      (if (local.get $isCompared)
        (then
          (local.set $bins
            (f64x2.sub (local.get $bins)
              (v128.and (v128.const f64x2 1 1)
                (f64x2.lt (local.get $pair)
                  (f64x2.add (local.get $pivots)
                    (f64x2.mul (local.get $bins) (local.get $widths)))))))))
      (local.set $bins (f64x2.add (local.get $bins) (local.get $tables)))
      (local.set $address (i32x4.extract_lane 0 (local.get $bins)))
      (i32.store (local.get $address)
        (i32.add (i32.load (local.get $address)) (i32.const 1)))
      (local.set $address (i32x4.extract_lane 2 (local.get $bins)))
      (i32.store offset=4 (local.get $address)
        (i32.add (i32.load offset=4 (local.get $address)) (i32.const 1)))
      (local.set $pair (f64x2.promote_low_f32x4 
        (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15
          (local.get $value) (local.get $value))))
      (local.set $bins
        (f64x2.floor
          (f64x2.mul (f64x2.sub (local.get $pair) (local.get $pivots)) (local.get $scales))))
      (if (local.get $isCompared)
        (then
          (local.set $bins
            (f64x2.sub (local.get $bins)
              (v128.and (v128.const f64x2 1 1)
                (f64x2.lt (local.get $pair)
                  (f64x2.add (local.get $pivots)
                    (f64x2.mul (local.get $bins) (local.get $widths)))))))))
      (local.set $bins (f64x2.add (local.get $bins) (local.get $tables)))
      (local.set $address (i32x4.extract_lane 0 (local.get $bins)))
      (i32.store offset=8 (local.get $address)
        (i32.add (i32.load offset=8 (local.get $address)) (i32.const 1)))
      (local.set $address (i32x4.extract_lane 2 (local.get $bins)))
      (i32.store offset=12 (local.get $address)
        (i32.add (i32.load offset=12 (local.get $address)) (i32.const 1)))
      (br_if $values
        (i32.ne
          (local.tee $at (i32.add (local.get $at) (i32.const 16)))
          (local.get $end))))
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $above)) (i32x4.extract_lane 1 (local.get $above)))
      (i32.add (i32x4.extract_lane 2 (local.get $above)) (i32x4.extract_lane 3 (local.get $above))))
    (v128.any_true (local.get $notFinite))))
