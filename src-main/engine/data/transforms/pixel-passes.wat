;; Passes over the bytes of pictures in WebAssembly SIMD: the two of Pillow's resize, exact to the bit, and mirroring.
;; `node tools/wasm/main.ts` writes pixel-passes-module.ts from this file.
;;
;; Resizing. A sum of bytes times 22-bit weights needs 32-bit products, but the fast instruction multiplies 16 bits and adds pairs. So
;; a weight w is cut into w = high * 4096 + low with 0 <= low < 4096, two sums are kept, and high * 4096 + low is put together
;; at the end. 32-bit sums wrap around, so the result is that of 32-bit products whatever the weights.
;;
;; A plan says how one axis is resized. For each output place, in order:
;;   i32 first   the first source pixel of the line, or line of the picture
;;   i32 pairs   source pixels or lines that are summed up, two by two; an odd last one is paired with weight 0
;;   pairs x { i32 low, i32 high }, each two 16-bit numbers, for the first and the second of the pair
(module
  (memory (export "memory") 1)

  ;; Resizes the lines of `source` into lines of `target`, four at a time: up to three lines more are read and written, and up
  ;; to eight bytes after a line's last pixel are read.
  (func (export "horizontal")
    (param $source i32) (param $sourceStride i32) (param $target i32) (param $targetStride i32)
    (param $lines i32) (param $plan i32) (param $width i32)
    (local $at i32) (local $x i32) (local $pairs i32)
    (local $from0 i32) (local $from1 i32) (local $from2 i32) (local $from3 i32)
    (local $to0 i32) (local $to1 i32) (local $to2 i32) (local $to3 i32)
    (local $low v128) (local $high v128) (local $pixels v128)
    (local $low0 v128) (local $low1 v128) (local $low2 v128) (local $low3 v128)
    (local $high0 v128) (local $high1 v128) (local $high2 v128) (local $high3 v128)
    (loop $fourLines
      (local.set $at (local.get $plan))
      (local.set $x (local.get $width))
      (local.set $to0 (local.get $target))
      (local.set $to1 (i32.add (local.get $to0) (local.get $targetStride)))
      (local.set $to2 (i32.add (local.get $to1) (local.get $targetStride)))
      (local.set $to3 (i32.add (local.get $to2) (local.get $targetStride)))
      (loop $columns
        (local.set $from0 (i32.add (local.get $source) (i32.mul (i32.load (local.get $at)) (i32.const 3))))
        (local.set $from1 (i32.add (local.get $from0) (local.get $sourceStride)))
        (local.set $from2 (i32.add (local.get $from1) (local.get $sourceStride)))
        (local.set $from3 (i32.add (local.get $from2) (local.get $sourceStride)))
        (local.set $pairs (i32.load offset=4 (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        ;; One half, so that the shift at the end rounds.
        (local.set $low0 (v128.const i32x4 0x200000 0x200000 0x200000 0x200000))
        (local.set $low1 (local.get $low0))
        (local.set $low2 (local.get $low0))
        (local.set $low3 (local.get $low0))
        (local.set $high0 (v128.const i32x4 0 0 0 0))
        (local.set $high1 (local.get $high0))
        (local.set $high2 (local.get $high0))
        (local.set $high3 (local.get $high0))
        (loop $taps
          (local.set $low (v128.load32_splat (local.get $at)))
          (local.set $high (v128.load32_splat offset=4 (local.get $at)))
          ;; Two RGB pixels as 16-bit numbers: red red green green blue blue 0 0.
          (local.set $pixels (i8x16.swizzle (v128.load64_zero (local.get $from0))
            (v128.const i8x16 0 -1 3 -1 1 -1 4 -1 2 -1 5 -1 -1 -1 -1 -1)))
          (local.set $low0 (i32x4.add (local.get $low0) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
          (local.set $high0 (i32x4.add (local.get $high0) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
          (local.set $pixels (i8x16.swizzle (v128.load64_zero (local.get $from1))
            (v128.const i8x16 0 -1 3 -1 1 -1 4 -1 2 -1 5 -1 -1 -1 -1 -1)))
          (local.set $low1 (i32x4.add (local.get $low1) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
          (local.set $high1 (i32x4.add (local.get $high1) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
          (local.set $pixels (i8x16.swizzle (v128.load64_zero (local.get $from2))
            (v128.const i8x16 0 -1 3 -1 1 -1 4 -1 2 -1 5 -1 -1 -1 -1 -1)))
          (local.set $low2 (i32x4.add (local.get $low2) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
          (local.set $high2 (i32x4.add (local.get $high2) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
          (local.set $pixels (i8x16.swizzle (v128.load64_zero (local.get $from3))
            (v128.const i8x16 0 -1 3 -1 1 -1 4 -1 2 -1 5 -1 -1 -1 -1 -1)))
          (local.set $low3 (i32x4.add (local.get $low3) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
          (local.set $high3 (i32x4.add (local.get $high3) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
          (local.set $from0 (i32.add (local.get $from0) (i32.const 6)))
          (local.set $from1 (i32.add (local.get $from1) (i32.const 6)))
          (local.set $from2 (i32.add (local.get $from2) (i32.const 6)))
          (local.set $from3 (i32.add (local.get $from3) (i32.const 6)))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br_if $taps (local.tee $pairs (i32.sub (local.get $pairs) (i32.const 1)))))
        ;; Put together, rounded, and cut to 0..255: four bytes of each line, the last of them nothing.
        (local.set $pixels (i8x16.narrow_i16x8_u
          (i16x8.narrow_i32x4_s
            (i32x4.shr_s (i32x4.add (local.get $low0) (i32x4.shl (local.get $high0) (i32.const 12))) (i32.const 22))
            (i32x4.shr_s (i32x4.add (local.get $low1) (i32x4.shl (local.get $high1) (i32.const 12))) (i32.const 22)))
          (i16x8.narrow_i32x4_s
            (i32x4.shr_s (i32x4.add (local.get $low2) (i32x4.shl (local.get $high2) (i32.const 12))) (i32.const 22))
            (i32x4.shr_s (i32x4.add (local.get $low3) (i32x4.shl (local.get $high3) (i32.const 12))) (i32.const 22)))))
        (v128.store16_lane 0 (local.get $to0) (local.get $pixels))
        (v128.store8_lane offset=2 2 (local.get $to0) (local.get $pixels))
        (v128.store16_lane 2 (local.get $to1) (local.get $pixels))
        (v128.store8_lane offset=2 6 (local.get $to1) (local.get $pixels))
        (v128.store16_lane 4 (local.get $to2) (local.get $pixels))
        (v128.store8_lane offset=2 10 (local.get $to2) (local.get $pixels))
        (v128.store16_lane 6 (local.get $to3) (local.get $pixels))
        (v128.store8_lane offset=2 14 (local.get $to3) (local.get $pixels))
        (local.set $to0 (i32.add (local.get $to0) (i32.const 3)))
        (local.set $to1 (i32.add (local.get $to1) (i32.const 3)))
        (local.set $to2 (i32.add (local.get $to2) (i32.const 3)))
        (local.set $to3 (i32.add (local.get $to3) (i32.const 3)))
        (br_if $columns (local.tee $x (i32.sub (local.get $x) (i32.const 1)))))
      (local.set $source (i32.add (local.get $source) (i32.shl (local.get $sourceStride) (i32.const 2))))
      (local.set $target (i32.add (local.get $target) (i32.shl (local.get $targetStride) (i32.const 2))))
      (br_if $fourLines (i32.gt_s (local.tee $lines (i32.sub (local.get $lines) (i32.const 4))) (i32.const 0)))))

  ;; Resizes the columns of `source`, whose lines have `stride` bytes as those of `target`, to `lines` lines, 16 bytes at a
  ;; time: up to a line and 15 bytes after the source's end are read, and up to 15 bytes after the target's are written.
  (func (export "vertical")
    (param $source i32) (param $stride i32) (param $target i32) (param $lines i32) (param $plan i32)
    (local $at i32) (local $i i32) (local $pairs i32) (local $left i32) (local $first i32) (local $from i32)
    (local $one v128) (local $other v128) (local $both v128) (local $low v128) (local $high v128)
    (local $low0 v128) (local $low1 v128) (local $low2 v128) (local $low3 v128)
    (local $high0 v128) (local $high1 v128) (local $high2 v128) (local $high3 v128)
    (loop $rows
      (local.set $first (i32.add (local.get $source) (i32.mul (i32.load (local.get $plan)) (local.get $stride))))
      (local.set $pairs (i32.load offset=4 (local.get $plan)))
      (local.set $plan (i32.add (local.get $plan) (i32.const 8)))
      (local.set $i (i32.const 0))
      (loop $bytes
        (local.set $at (local.get $plan))
        (local.set $from (i32.add (local.get $first) (local.get $i)))
        (local.set $left (local.get $pairs))
        (local.set $low0 (v128.const i32x4 0x200000 0x200000 0x200000 0x200000))
        (local.set $low1 (local.get $low0))
        (local.set $low2 (local.get $low0))
        (local.set $low3 (local.get $low0))
        (local.set $high0 (v128.const i32x4 0 0 0 0))
        (local.set $high1 (local.get $high0))
        (local.set $high2 (local.get $high0))
        (local.set $high3 (local.get $high0))
        (loop $taps
          (local.set $low (v128.load32_splat (local.get $at)))
          (local.set $high (v128.load32_splat offset=4 (local.get $at)))
          (local.set $one (v128.load (local.get $from)))
          (local.set $other (v128.load (i32.add (local.get $from) (local.get $stride))))
          ;; The bytes of both lines in turn.
          (local.set $both (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $one) (local.get $other)))
          (local.set $one (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $one) (local.get $other)))
          (local.set $other (i16x8.extend_low_i8x16_u (local.get $both)))
          (local.set $low0 (i32x4.add (local.get $low0) (i32x4.dot_i16x8_s (local.get $other) (local.get $low))))
          (local.set $high0 (i32x4.add (local.get $high0) (i32x4.dot_i16x8_s (local.get $other) (local.get $high))))
          (local.set $other (i16x8.extend_high_i8x16_u (local.get $both)))
          (local.set $low1 (i32x4.add (local.get $low1) (i32x4.dot_i16x8_s (local.get $other) (local.get $low))))
          (local.set $high1 (i32x4.add (local.get $high1) (i32x4.dot_i16x8_s (local.get $other) (local.get $high))))
          (local.set $other (i16x8.extend_low_i8x16_u (local.get $one)))
          (local.set $low2 (i32x4.add (local.get $low2) (i32x4.dot_i16x8_s (local.get $other) (local.get $low))))
          (local.set $high2 (i32x4.add (local.get $high2) (i32x4.dot_i16x8_s (local.get $other) (local.get $high))))
          (local.set $other (i16x8.extend_high_i8x16_u (local.get $one)))
          (local.set $low3 (i32x4.add (local.get $low3) (i32x4.dot_i16x8_s (local.get $other) (local.get $low))))
          (local.set $high3 (i32x4.add (local.get $high3) (i32x4.dot_i16x8_s (local.get $other) (local.get $high))))
          (local.set $from (i32.add (local.get $from) (i32.shl (local.get $stride) (i32.const 1))))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br_if $taps (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (v128.store (i32.add (local.get $target) (local.get $i)) (i8x16.narrow_i16x8_u
          (i16x8.narrow_i32x4_s
            (i32x4.shr_s (i32x4.add (local.get $low0) (i32x4.shl (local.get $high0) (i32.const 12))) (i32.const 22))
            (i32x4.shr_s (i32x4.add (local.get $low1) (i32x4.shl (local.get $high1) (i32.const 12))) (i32.const 22)))
          (i16x8.narrow_i32x4_s
            (i32x4.shr_s (i32x4.add (local.get $low2) (i32x4.shl (local.get $high2) (i32.const 12))) (i32.const 22))
            (i32x4.shr_s (i32x4.add (local.get $low3) (i32x4.shl (local.get $high3) (i32.const 12))) (i32.const 22)))))
        (br_if $bytes (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 16))) (local.get $stride))))
      (local.set $target (i32.add (local.get $target) (local.get $stride)))
      (local.set $plan (local.get $at))
      (br_if $rows (local.tee $lines (i32.sub (local.get $lines) (i32.const 1))))))

  ;; Exchanges left and right, five pixels at a time: up to 16 bytes after the source's end are read, and after the target's written.
  (func (export "mirror") (param $source i32) (param $target i32) (param $lines i32) (param $width i32)
    (local $from i32) (local $to i32) (local $left i32)
    (local.set $from (local.get $source))
    (local.set $to (local.get $target))
    (loop $rows
      ;; Behind the last pixel of the line.
      (local.set $from (i32.add (local.get $from) (i32.mul (local.get $width) (i32.const 3))))
      (local.set $source (local.get $from))
      (local.set $left (local.get $width))
      ;; What is written too much is overwritten by the pixels that follow.
      (block $done
        (loop $fives
          (br_if $done (i32.lt_s (local.get $left) (i32.const 5)))
          (local.set $from (i32.sub (local.get $from) (i32.const 15)))
          (v128.store (local.get $to) (i8x16.swizzle (v128.load (local.get $from))
            (v128.const i8x16 12 13 14 9 10 11 6 7 8 3 4 5 0 1 2 -1)))
          (local.set $to (i32.add (local.get $to) (i32.const 15)))
          (local.set $left (i32.sub (local.get $left) (i32.const 5)))
          (br $fives)))
      (block $end
        (loop $ones
          (br_if $end (i32.eqz (local.get $left)))
          (local.set $from (i32.sub (local.get $from) (i32.const 3)))
          (i32.store (local.get $to) (i32.load (local.get $from)))
          (local.set $to (i32.add (local.get $to) (i32.const 3)))
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (br $ones)))
      (local.set $from (local.get $source))
      (br_if $rows (local.tee $lines (i32.sub (local.get $lines) (i32.const 1)))))))
