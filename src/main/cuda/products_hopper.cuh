// The linear maps of products.cuh for compute capability 9.0, their products by four warps together
// (warpgroup.cuh); for dimensions that are multiples of 64, but for the number of tokens.
//
// A block of two groups of four warps owns a (128, 128) tile of the output, a group 64 rows of it, and
// runs over the inner dimension in steps of 64, two steps' operands on their way while it multiplies.
// Neighbouring blocks have the same rows, so that these are read from memory once.
#pragma once
#include "linear_ends.cuh"
#include "warpgroup.cuh"

static const int SIDE = 128;  // of a block's tile
static const int STEPS = 3;   // in shared memory

// Starts copying a (ROWS, COLUMNS) piece of a row-major matrix with `width` columns into a tile of
// panels, zeros beyond (row_end, width).
template <int ROWS, int COLUMNS>
DEVICE void stage_part(bf16* tile, const bf16* matrix, int width, int row, int row_end, int column) {
  for (int i = thread(); i < ROWS * (COLUMNS / 8); i += 256) {
    int r = i / (COLUMNS / 8);
    int chunk = i % (COLUMNS / 8);
    bool present = row + r < row_end && column + chunk * 8 < width;
    const bf16* from = present ? matrix + (long)(row + r) * width + column + chunk * 8 : matrix;
    copy_async_16(chunk_at<ROWS>(tile, r, chunk), from, present);
  }
}

// The same from float32, rounded on the way; done when it returns.
template <int ROWS, int COLUMNS>
DEVICE void stage_part(bf16* tile, const float* matrix, int width, int row, int row_end, int column) {
  for (int i = thread(); i < ROWS * (COLUMNS / 8); i += 256) {
    int r = i / (COLUMNS / 8);
    int chunk = i % (COLUMNS / 8);
    Sixteen packed = {0, 0, 0, 0};
    if (row + r < row_end && column + chunk * 8 < width) {
      pack_eight(packed, matrix + (long)(row + r) * width + column + chunk * 8);
    }
    *(Sixteen*)chunk_at<ROWS>(tile, r, chunk) = packed;
  }
}

// d = Σ over `steps` steps; bring(step, place) fills a step's part of the shared memory, multiply(place)
// begins its products.
template <typename Bring, typename Multiply>
DEVICE void run_over_steps(int steps, Bring bring, Multiply multiply) {
  bf16* tiles = (bf16*)shared_memory();
  auto place = [&](int step) { return tiles + step % STEPS * 2 * SIDE * PANEL; };
  for (int step = 0; step < STEPS - 1; step++) {
    if (step < steps) bring(step, place(step));
    copy_commit();
  }
  for (int step = 0; step < steps; step++) {
    copy_wait<STEPS - 2>();
    copies_for_products();
    barrier();
    product_fence();
    multiply(place(step));
    product_commit();
    // The place of the step before: all warps waited for its products before this step's barrier.
    if (step + STEPS - 1 < steps) bring(step + STEPS - 1, place(step + STEPS - 1));
    copy_commit();
    product_wait<0>();
  }
}

// Hands each pair of neighbouring columns of the block's tile to write(row, column, value, next value),
// inside (rows, columns) only.
template <typename Write>
DEVICE void hand_out_tile(float (&d)[16][4], int row, int column, int rows, int columns, Write write) {
  int r = row + warp() * 16 + group();
  UNROLL for (int i = 0; i < 16; i++) {
    int c = column + i * 8 + (lane() & 3) * 2;
    if (c < columns) {
      if (r < rows) write(r, c, d[i][0], d[i][1]);
      if (r + 8 < rows) write(r + 8, c, d[i][2], d[i][3]);
    }
  }
}

// out (m, n) = a (m, k) · weightᵀ, weight (n, k); or with INPUT a (m, k) · weight, weight (k, n).
template <bool INPUT, typename A, typename Write>
DEVICE void product_hopper(int m, int n, int k, const A* a, const bf16* weight, Write write) {
  int column = block_x() * SIDE;
  int row = block_y() * SIDE;
  float d[16][4];
  clear(d);
  run_over_steps(
      k / PANEL,
      [&](int step, bf16* place) {
        stage_part<SIDE, PANEL>(place, a, k, row, m, step * PANEL);
        if (INPUT) {
          stage_part<PANEL, SIDE>(place + SIDE * PANEL, weight, n, step * PANEL, k, column);
        } else {
          stage_part<SIDE, PANEL>(place + SIDE * PANEL, weight, k, column, n, step * PANEL);
        }
      },
      [&](const bf16* place) {
        UNROLL for (int inner = 0; inner < 4; inner++) {
          u64 rows = rows_operand<SIDE>(place, (thread() >> 7) * 64, inner);
          if (INPUT) {
            begin_product<false, true>(d, rows,
                                       turned_operand<PANEL>(place + SIDE * PANEL, inner));
          } else {
            begin_product<false, false>(d, rows,
                                        rows_operand<SIDE>(place + SIDE * PANEL, 0, inner));
          }
        }
      });
  hand_out_tile(d, row, column, m, n, write);
}

// partial (pieces, m, n) = aᵀ · b over one piece of the tokens; a (tokens, m), b (tokens, n).
template <typename A>
DEVICE void weight_gradient_hopper(int m, int n, int tokens, int quantum, int piece, int per_quantum,
                                   const A* a, const bf16* b, float* partial) {
  Span span = tokens_of_piece(block_z(), per_quantum, piece, quantum, tokens);
  int row = block_x() * SIDE;
  int column = block_y() * SIDE;
  float d[16][4];
  clear(d);
  run_over_steps(
      (span.end - span.begin + PANEL - 1) / PANEL,
      [&](int step, bf16* place) {
        int token = span.begin + step * PANEL;
        stage_part<PANEL, SIDE>(place, a, m, token, span.end, row);
        stage_part<PANEL, SIDE>(place + SIDE * PANEL, b, n, token, span.end, column);
      },
      [&](const bf16* place) {
        const bf16* rows = place + (thread() >> 7) * PANEL * PANEL;
        UNROLL for (int inner = 0; inner < 4; inner++) {
          begin_product<true, true>(d, turned_operand<PANEL>(rows, inner),
                                    turned_operand<PANEL>(place + SIDE * PANEL, inner));
        }
      });
  float* out = partial + (long)block_z() * m * n;
  hand_out_tile(d, row, column, m, n, [&](int r, int c, float x, float y) {
    *(Two*)(out + (long)r * n + c) = Two{x, y};
  });
}

// The kernels of products.cuh by their names, with _hopper behind.
CROWDED_KERNEL(256, 2, linear_bf16_hopper,
               (int m, int n, int k, const bf16* a, const bf16* weight, const float* bias,
                bf16* out)) {
  product_hopper<false>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    *(u32*)(out + (long)row * n + column) =
        pack_bf16(x + bias_at(bias, column), y + bias_at(bias, column + 1));
  });
}

CROWDED_KERNEL(256, 2, linear_add_bf16_hopper,
               (int m, int n, int k, const bf16* a, const bf16* weight, const float* bias,
                const float* addend, float* out)) {
  product_hopper<false>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    long at = (long)row * n + column;
    Two more = *(const Two*)(addend + at);
    *(Two*)(out + at) =
        Two{x + bias_at(bias, column) + more.a, y + bias_at(bias, column + 1) + more.b};
  });
}

CROWDED_KERNEL(256, 2, linear_gelu_bf16_hopper,
               (int m, int n, int k, const bf16* a, const bf16* weight, const float* bias,
                bf16* wide, bf16* out)) {
  product_hopper<false>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    long at = (long)row * n + column;
    u32 pair = pack_bf16(x + bias_at(bias, column), y + bias_at(bias, column + 1));
    *(u32*)(wide + at) = pair;
    *(u32*)(out + at) = pack_bf16(gelu(low(pair)), gelu(high(pair)));
  });
}

CROWDED_KERNEL(256, 2, input_gradient_bf16_hopper,
               (int m, int n, int k, const bf16* a, const bf16* weight, bf16* out)) {
  product_hopper<true>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    *(u32*)(out + (long)row * n + column) = pack_bf16(x, y);
  });
}

CROWDED_KERNEL(256, 2, input_gradient_full_bf16_hopper,
               (int m, int n, int k, const float* a, const bf16* weight, bf16* out)) {
  product_hopper<true>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    *(u32*)(out + (long)row * n + column) = pack_bf16(x, y);
  });
}

CROWDED_KERNEL(256, 2, gelu_input_gradient_bf16_hopper,
               (int m, int n, int k, const float* a, const bf16* weight, const bf16* wide,
                bf16* out)) {
  product_hopper<true>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    long at = (long)row * n + column;
    u32 pair = *(const u32*)(wide + at);
    *(u32*)(out + at) = pack_bf16(x * gelu_slope(low(pair)), y * gelu_slope(high(pair)));
  });
}

CROWDED_KERNEL(256, 2, weight_gradient_bf16_hopper,
               (int m, int n, int tokens, int quantum, int piece, int per_quantum, const bf16* a,
                const bf16* b, float* partial)) {
  weight_gradient_hopper(m, n, tokens, quantum, piece, per_quantum, a, b, partial);
}

CROWDED_KERNEL(256, 2, weight_gradient_full_bf16_hopper,
               (int m, int n, int tokens, int quantum, int piece, int per_quantum, const float* a,
                const bf16* b, float* partial)) {
  weight_gradient_hopper(m, n, tokens, quantum, piece, per_quantum, a, b, partial);
}
