// The fused head of head.cuh for compute capability 9.0: the same two passes, their products by four
// warps together (warpgroup.cuh).
//
// A block has two groups of four warps, each with 64 rows of one operand in shared memory, and both run
// over the other one's rows, 64 at a time, in a ring of five tiles. While the tensor cores sum over a
// tile, the same warps take the exponentials of the next one (after FlashAttention-3, Shah et al., 2024).
//
// The order in which a row's exponentials and sums are added is fixed, but not that of head.cuh.
#pragma once
#include "online_softmax.cuh"
#include "warpgroup.cuh"

static const int GROUPED_ROWS = 128;  // of a block
static const int RING = 5;
static const int AHEAD = 3;  // tiles that are brought before they are needed

// What both passes have in shared memory: the block's own rows, the ring, and a line of numbers per tile.
template <int C>
struct Grouped {
  bf16* rows;
  bf16* ring;
  float* lines;

  DEVICE Grouped() {
    rows = (bf16*)shared_memory();
    ring = rows + GROUPED_ROWS * C;
    lines = (float*)(ring + RING * PANEL * C);
  }
  DEVICE bf16* tile(int number) const { return ring + number % RING * PANEL * C; }
  DEVICE float* line(int number) const { return lines + number % RING * PANEL; }
};

DEVICE int own_group() { return thread() >> 7; }

// s = the group's 64 rows · tileᵀ, begun.
template <int C>
DEVICE void begin_logits(float (&s)[8][4], const Grouped<C>& shared, int number) {
  UNROLL for (int k = 0; k < C / 16; k++) {
    begin_product(s, rows_operand<GROUPED_ROWS>(shared.rows, own_group() * 64, k),
                  rows_operand<PANEL>(shared.tile(number), 0, k), k > 0);
  }
}

// o += p · tile, begun.
template <int C>
DEVICE void begin_sums(float (&o)[C / 8][4], const u32 (&p)[8][2], const Grouped<C>& shared,
                       int number) {
  UNROLL for (int k = 0; k < 4; k++) {
    const u32 a[4] = {p[2 * k][0], p[2 * k][1], p[2 * k + 1][0], p[2 * k + 1][1]};
    begin_product_turned(o, a, turned_operand<PANEL>(shared.tile(number), k));
  }
}

DEVICE void pack(u32 (&p)[8][2], const float (&s)[8][4]) {
  UNROLL for (int k = 0; k < 8; k++) {
    p[k][0] = pack_bf16(s[k][0], s[k][1]);
    p[k][1] = pack_bf16(s[k][2], s[k][3]);
  }
}

// Runs over `tiles` tiles, at least one. bring(number) starts copying one; weigh(s, number) makes weights
// of a tile's logits, while the sums over the tile before are under way; settle() may then change what
// was summed so far.
template <int C, typename Bring, typename Weigh, typename Settle>
DEVICE void run_over(const Grouped<C>& shared, int tiles, float (&o)[C / 8][4], Bring bring,
                     Weigh weigh, Settle settle) {
  float s[8][4];
  u32 p[8][2];
  for (int i = 0; i < AHEAD; i++) {
    if (i < tiles) bring(i);
    copy_commit();
  }
  // Tile `number` is there, and both groups are done with tile number - 2, whose place may be taken.
  auto next_tile = [&](int number) {
    copy_wait<AHEAD - 1>();
    copies_for_products();
    barrier();
    if (number + AHEAD < tiles) bring(number + AHEAD);
    copy_commit();
  };
  next_tile(0);
  product_fence();
  begin_logits<C>(s, shared, 0);
  product_commit();
  product_wait<0>();
  weigh(s, 0);
  pack(p, s);
  for (int number = 1; number < tiles; number++) {
    next_tile(number);
    product_fence();
    begin_logits<C>(s, shared, number);
    product_commit();
    begin_sums<C>(o, p, shared, number - 1);
    product_commit();
    product_wait<1>();
    weigh(s, number);
    product_wait<0>();
    settle();
    pack(p, s);
  }
  product_fence();
  begin_sums<C>(o, p, shared, tiles - 1);
  product_commit();
  product_wait<0>();
}

// s = exp(s - top), added to the sums.
DEVICE void exponentials_in_place(float (&s)[8][4], OnlineSoftmax& softmax) {
  UNROLL for (int half = 0; half < 2; half++) {
    float shift = softmax.top[half] * LOG2_E;
    UNROLL for (int n = 0; n < 8; n++) {
      float a = exp2_fast(fmaf(s[n][2 * half], LOG2_E, -shift));
      float b = exp2_fast(fmaf(s[n][2 * half + 1], LOG2_E, -shift));
      softmax.sum[half] += a + b;
      s[n][2 * half] = a;
      s[n][2 * half + 1] = b;
    }
  }
}

// As target_logit, from the rows in memory.
template <int C>
DEVICE float target_logit_of(const bf16* x, const bf16* weight, int target) {
  const u32* left = (const u32*)x;
  const u32* right = (const u32*)(weight + (long)(target < 0 ? 0 : target) * C);
  float sum = 0;
  UNROLL for (int k = 0; k < C / 8; k++) {
    u32 a = left[k * 4 + (thread() & 3)];
    u32 b = right[k * 4 + (thread() & 3)];
    sum = fmaf(low(a), low(b), sum);
    sum = fmaf(high(a), high(b), sum);
  }
  sum += shuffle_xor(sum, 1);
  sum += shuffle_xor(sum, 2);
  return target < 0 ? 0 : sum;
}

template <int C>
DEVICE void head_first_hopper(int n, int vocabulary, float scale, const bf16* x, const bf16* weight,
                              const int* targets, float* losses, float* log_sums,
                              float* x_gradient) {
  Grouped<C> shared;
  int first_token = block_x() * GROUPED_ROWS;
  OnlineSoftmax softmax = {{FORBIDDEN, FORBIDDEN}, {0, 0}};
  float shrink[2];
  bool grown = false;
  float o[C / 8][4];
  clear(o);
  stage_panels<C, GROUPED_ROWS, 256>(shared.rows, x, first_token, n);
  run_over<C>(
      shared, (vocabulary + PANEL - 1) / PANEL, o,
      [&](int number) {
        stage_panels<C, PANEL, 256>(shared.tile(number), weight, number * PANEL, vocabulary);
      },
      [&](float (&s)[8][4], int number) {
        mask<PANEL>(s, number * PANEL, vocabulary);
        grown = raise_tops<PANEL>(s, softmax, shrink);
        exponentials_in_place(s, softmax);
      },
      [&]() {
        if (!grown) return;
        UNROLL for (int i = 0; i < C / 8; i++) {
          o[i][0] *= shrink[0];
          o[i][1] *= shrink[0];
          o[i][2] *= shrink[1];
          o[i][3] *= shrink[1];
        }
      });
  for (int lanes = 1; lanes < 4; lanes <<= 1) {
    softmax.sum[0] += shuffle_xor(softmax.sum[0], lanes);
    softmax.sum[1] += shuffle_xor(softmax.sum[1], lanes);
  }
  int token = first_token + warp() * 16 + group();
  auto finish = [&](int token, float sum, float top) {
    int target = token < n ? targets[token] : -1;
    float logit = target_logit_of<C>(x + (long)(token < n ? token : 0) * C, weight, target);
    float log = fmaf(top, LOG2_E, log2_fast(sum));
    if (token < n && (thread() & 3) == 0) {
      losses[token] = target < 0 ? 0 : fmaf(log, LN_2, -logit);
      log_sums[token] = target < 0 ? INFINITE : log;
    }
    return target;
  };
  int target0 = finish(token, softmax.sum[0], softmax.top[0]);
  int target1 = finish(token + 8, softmax.sum[1], softmax.top[1]);
  float* out = x_gradient + (long)token * C;
  if (token < n) write_gradient<C, 0>(o, softmax.sum[0], scale, weight, target0, out);
  if (token + 8 < n) write_gradient<C, 1>(o, softmax.sum[1], scale, weight, target1, out + 8 * C);
}

template <int C>
DEVICE void head_second_hopper(int n, int vocabulary, int quantum, const bf16* x, const bf16* weight,
                               const float* log_sums, float* partial) {
  Grouped<C> shared;
  int first_row = block_x() * GROUPED_ROWS;
  int begin = block_y() * quantum;
  int end = min(n, begin + quantum);
  float o[C / 8][4];
  clear(o);
  stage_panels<C, GROUPED_ROWS, 256>(shared.rows, weight, first_row, vocabulary);
  run_over<C>(
      shared, (end - begin + PANEL - 1) / PANEL, o,
      [&](int number) {
        int first = begin + number * PANEL;
        stage_panels<C, PANEL, 256>(shared.tile(number), x, first, end);
        if (thread() < PANEL) {
          bool present = first + thread() < end;
          // Beyond the end the weight is e^0, of rows that are zeros.
          copy_async_4(shared.line(number) + thread(), log_sums + (present ? first + thread() : 0),
                       present);
        }
      },
      [&](float (&s)[8][4], int number) {
        const float* line = shared.line(number) + (thread() & 3) * 2;
        UNROLL for (int k = 0; k < 8; k++) {
          UNROLL for (int j = 0; j < 4; j++) {
            s[k][j] = exp2_fast(fmaf(s[k][j], LOG2_E, -line[k * 8 + (j & 1)]));
          }
        }
      },
      [] {});
  int row = first_row + warp() * 16 + group();
  write_sums<C>(o, row, vocabulary, partial);
}

#define HEAD_HOPPER(C, BLOCKS)                                                                   \
  CROWDED_KERNEL(256, BLOCKS, head_first_hopper_c##C,                                            \
                 (int n, int vocabulary, float scale, const bf16* x, const bf16* weight,         \
                  const int* targets, float* losses, float* log_sums, float* x_gradient)) {      \
    head_first_hopper<C>(n, vocabulary, scale, x, weight, targets, losses, log_sums, x_gradient); \
  }                                                                                              \
  CROWDED_KERNEL(256, BLOCKS, head_second_hopper_c##C,                                           \
                 (int n, int vocabulary, int quantum, const bf16* x, const bf16* weight,         \
                  const float* log_sums, float* partial)) {                                      \
    head_second_hopper<C>(n, vocabulary, quantum, x, weight, log_sums, partial);                 \
  }
HEAD_HOPPER(64, 2)
HEAD_HOPPER(128, 1)
HEAD_HOPPER(256, 1)
