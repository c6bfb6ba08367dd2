// Products by four warps together, Hopper's wgmma (compute capability 9.0a): the second operand, and
// the first one too if so wished, are read from shared memory by the tensor cores themselves, so that
// neither fragments nor the registers for them have to be moved.
//
// A tile of (rows, C) bfloat16 lies in shared memory as C / 64 panels of (rows, 64). In a panel the
// eight 16-byte chunks of a row are permuted by the row's number (chunk ^ row % 8), the pattern that
// the hardware calls a swizzle of 128 bytes; panels begin at multiples of 1024 bytes. One tile serves
// as an operand whose rows run along the inner dimension, and as one whose columns do.
//
// A product is only begun by a call: until product_wait has let its group go, nobody may touch its sums,
// nor write to what it reads.
#pragma once
#include "fragments.cuh"

static const int PANEL = 64;  // columns

// The place of 16 bytes, columns [8 · chunk, 8 · chunk + 8) of a row, in a tile of so many rows.
template <int ROWS>
DEVICE bf16* chunk_at(bf16* tile, int row, int chunk) {
  return tile + (chunk >> 3) * ROWS * PANEL + row * PANEL + ((chunk ^ row) & 7) * 8;
}

// Starts copying rows [first, first + ROWS) of a (end, C) matrix into a tile; the block's THREADS
// threads share the work. Rows from `end` on become zeros.
template <int C, int ROWS, int THREADS>
DEVICE void stage_panels(bf16* tile, const bf16* matrix, int first, int end) {
  for (int i = thread(); i < ROWS * (C / 8); i += THREADS) {
    int row = i / (C / 8);
    int chunk = i % (C / 8);
    bool present = first + row < end;
    const bf16* from = matrix + (long)(present ? first + row : 0) * C + chunk * 8;
    copy_async_16(chunk_at<ROWS>(tile, row, chunk), from, present);
  }
}

#ifdef EMULATED
#include "warpgroup_emulated.hpp"
#else

// How the tensor cores find an operand (PTX, "Matrix descriptor"): its address, and two distances in
// bytes; swizzle of 128 bytes.
DEVICE u64 operand(const void* at, int leading, int stride) {
  u64 address = (shared_address(at) & 0x3ffffu) >> 4;
  return address | (u64)(leading >> 4) << 16 | (u64)(stride >> 4) << 32 | (u64)1 << 62;
}

// Makes this thread's copies to shared memory, which have ended, visible to the tensor cores; then a
// barrier for those of the other threads.
DEVICE void copies_for_products() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }

// Before the first product, and after registers that a product will use were written.
DEVICE void product_fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }

// Closes the group of products that were begun since the last one; it may be empty.
DEVICE void product_commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }

// Waits until at most `newest` groups are still under way.
template <int newest>
DEVICE void product_wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(newest) : "memory");
}

#define SUMS_0_31 \
  "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15," \
  "%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31"
#define SUMS_32_63 \
  "%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47," \
  "%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63"
#define SUMS_64_127 \
  "%64,%65,%66,%67,%68,%69,%70,%71,%72,%73,%74,%75,%76,%77,%78,%79," \
  "%80,%81,%82,%83,%84,%85,%86,%87,%88,%89,%90,%91,%92,%93,%94,%95," \
  "%96,%97,%98,%99,%100,%101,%102,%103,%104,%105,%106,%107,%108,%109,%110,%111," \
  "%112,%113,%114,%115,%116,%117,%118,%119,%120,%121,%122,%123,%124,%125,%126,%127"
#define SUM(I) "+f"(d[I][0]), "+f"(d[I][1]), "+f"(d[I][2]), "+f"(d[I][3])
#define SUMS_8(I) \
  SUM(I), SUM(I + 1), SUM(I + 2), SUM(I + 3), SUM(I + 4), SUM(I + 5), SUM(I + 6), SUM(I + 7)
#define ADDING "{\n.reg .pred p;\nsetp.eq.u32 p, 0, 0;\n"

// d (64, 64) = a (64, 16) · bᵀ, b (64, 16), or with `add` d += ...; the rows of both run along the inner
// dimension. Warp w of the four holds rows 16 w to 16 w + 15 of d, as mma_bf16 leaves them.
DEVICE void begin_product(float (&d)[8][4], u64 a, u64 b, bool add) {
  asm volatile(
      "{\n.reg .pred p;\nsetp.ne.b32 p, %34, 0;\n"
      "wgmma.mma_async.sync.aligned.m64n64k16.f32.bf16.bf16 {" SUMS_0_31
      "}, %32, %33, p, 1, 1, 0, 0;\n}"
      : SUMS_8(0)
      : "l"(a), "l"(b), "r"((int)add));
}

// d (64, 128) += a · b, each with its 64 or 128 rows along the inner dimension, or across it.
template <bool A_TURNED, bool B_TURNED>
DEVICE void begin_product(float (&d)[16][4], u64 a, u64 b) {
  asm volatile(
      ADDING "wgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 {" SUMS_0_31 "," SUMS_32_63
      "}, %64, %65, p, 1, 1, %66, %67;\n}"
      : SUMS_8(0), SUMS_8(8)
      : "l"(a), "l"(b), "n"((int)A_TURNED), "n"((int)B_TURNED));
}

// d (64, N) += a (64, 16) · b, b (16, N) with its rows across the inner dimension; a in registers, as
// mma_bf16 has it, 16 rows per warp.
DEVICE void begin_product_turned(float (&d)[8][4], const u32 (&a)[4], u64 b) {
  asm volatile(
      ADDING "wgmma.mma_async.sync.aligned.m64n64k16.f32.bf16.bf16 {" SUMS_0_31
      "}, {%32,%33,%34,%35}, %36, p, 1, 1, 1;\n}"
      : SUMS_8(0)
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));
}

DEVICE void begin_product_turned(float (&d)[16][4], const u32 (&a)[4], u64 b) {
  asm volatile(
      ADDING "wgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 {" SUMS_0_31 "," SUMS_32_63
      "}, {%64,%65,%66,%67}, %68, p, 1, 1, 1;\n}"
      : SUMS_8(0), SUMS_8(8)
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));
}

DEVICE void begin_product_turned(float (&d)[32][4], const u32 (&a)[4], u64 b) {
  asm volatile(
      ADDING "wgmma.mma_async.sync.aligned.m64n256k16.f32.bf16.bf16 {" SUMS_0_31 "," SUMS_32_63
      "," SUMS_64_127 "}, {%128,%129,%130,%131}, %132, p, 1, 1, 1;\n}"
      : SUMS_8(0), SUMS_8(8), SUMS_8(16), SUMS_8(24)
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));
}

#undef SUMS_0_31
#undef SUMS_32_63
#undef SUMS_64_127
#undef SUM
#undef SUMS_8
#undef ADDING

#endif

// The operand of begin_product: inner columns [16 · k, 16 · k + 16) of 64 rows from `row` on, a multiple
// of 64, of a tile. Groups of eight rows are 1024 bytes apart.
template <int ROWS>
DEVICE u64 rows_operand(const bf16* tile, int row, int k) {
  return operand(tile + (k >> 2) * ROWS * PANEL + row * PANEL + (k & 3) * 16, 16, 1024);
}

// The operand of begin_product_turned: rows [16 · k, 16 · k + 16) of a tile, all its columns. Its panels
// are `leading` apart, its groups of eight rows 1024 bytes.
template <int ROWS>
DEVICE u64 turned_operand(const bf16* tile, int k) {
  return operand(tile + k * 16 * PANEL, ROWS * PANEL * 2, 1024);
}
