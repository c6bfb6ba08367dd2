// Linear maps, bfloat16 mode: matrix products on tensor cores with float32 sums.
//
// A block of 256 threads owns one tile of the output and runs over the inner dimension in steps of
// 32, the next step's operands on their way while it multiplies. Eight warps share the tile, four
// along its rows and two along its columns. All dimensions but the number of tokens are multiples of
// 16. An operand of float32 (a gradient of the residual stream) is rounded as it is staged.
#pragma once
#include "linear_ends.cuh"

static const int STEP = 32;

// Copies a (ROWS, COLUMNS) piece of a row-major matrix with `width` columns into a tile, zeros
// beyond (row_end, column_end).
template <int ROWS, int COLUMNS>
DEVICE void stage_piece(bf16* tile, const bf16* matrix, int width, int row, int row_end, int column,
                        int column_end) {
  for (int i = thread(); i < ROWS * (COLUMNS / 8); i += 256) {
    int r = i / (COLUMNS / 8);
    int c = i % (COLUMNS / 8) * 8;
    bool present = row + r < row_end && column + c < column_end;
    const bf16* from = present ? matrix + (long)(row + r) * width + column + c : matrix;
    copy_async_16(tile + r * Pitch<COLUMNS>::value + c, from, present);
  }
}

template <int ROWS, int COLUMNS>
DEVICE void stage_piece(bf16* tile, const float* matrix, int width, int row, int row_end, int column,
                        int column_end) {
  for (int i = thread(); i < ROWS * (COLUMNS / 8); i += 256) {
    int r = i / (COLUMNS / 8);
    int c = i % (COLUMNS / 8) * 8;
    Sixteen packed = {0, 0, 0, 0};
    if (row + r < row_end && column + c < column_end) {
      pack_eight(packed, matrix + (long)(row + r) * width + column + c);
    }
    *(Sixteen*)(tile + r * Pitch<COLUMNS>::value + c) = packed;
  }
}

// First operand, 16 x 16, at (row, k) of a tile whose rows run along the inner dimension.
template <int PITCH>
DEVICE void first_operand(u32 (&a)[4], const bf16* tile, int row, int k) {
  load_matrix_x4(a, tile + (row + (lane() & 7) + ((lane() >> 3) & 1) * 8) * PITCH + k +
                        (lane() >> 4) * 8);
}

// The same from a tile (inner dimension, rows).
template <int PITCH>
DEVICE void first_operand_turned(u32 (&a)[4], const bf16* tile, int row, int k) {
  load_matrix_x4_turned(a, tile + (k + (lane() & 7) + (lane() >> 4) * 8) * PITCH + row +
                               ((lane() >> 3) & 1) * 8);
}

// Second operand for 16 columns, b[0], b[1] for the first 8 of them, from a tile (columns, inner).
template <int PITCH>
DEVICE void second_operand(u32 (&b)[4], const bf16* tile, int column, int k) {
  load_matrix_x4(b, tile + (column + (lane() & 7) + (lane() >> 4) * 8) * PITCH + k +
                        ((lane() >> 3) & 1) * 8);
}

// The same from a tile (inner dimension, columns).
template <int PITCH>
DEVICE void second_operand_turned(u32 (&b)[4], const bf16* tile, int column, int k) {
  load_matrix_x4_turned(b, tile + (k + (lane() & 7) + ((lane() >> 3) & 1) * 8) * PITCH + column +
                               (lane() >> 4) * 8);
}

// Hands each pair of neighbouring columns of a warp's (16 · M, 16 · N) part to write(row, column,
// value, next value), inside (rows, columns) only.
template <int M, int N, typename Write>
DEVICE void hand_out(float (&d)[M][2 * N][4], int row, int column, int rows, int columns,
                     Write write) {
  UNROLL for (int m = 0; m < M; m++) {
    UNROLL for (int n = 0; n < 2 * N; n++) {
      int r = row + m * 16 + group();
      int c = column + n * 8 + (lane() & 3) * 2;
      if (c < columns) {
        if (r < rows) write(r, c, d[m][n][0], d[m][n][1]);
        if (r + 8 < rows) write(r + 8, c, d[m][n][2], d[m][n][3]);
      }
    }
  }
}

// out (m, n) = a (m, k) · weightᵀ, weight (n, k); or with INPUT a (m, k) · weight, weight (k, n).
template <bool INPUT, typename A, typename Write>
DEVICE void product(int m, int n, int k, const A* a, const bf16* weight, Write write) {
  const int pitch = Pitch<STEP>::value;
  const int weight_pitch = INPUT ? Pitch<64>::value : pitch;
  const int size = 128 * pitch + (INPUT ? STEP * weight_pitch : 64 * weight_pitch);
  bf16* tiles = (bf16*)shared_memory();
  int row = block_x() * 128;
  int column = block_y() * 64;
  int own_row = (warp() & 3) * 32;
  int own_column = (warp() >> 2) * 32;
  float d[2][4][4];
  clear(d[0]);
  clear(d[1]);
  auto bring = [&](int from, int buffer) {
    bf16* tile = tiles + buffer * size;
    stage_piece<128, STEP>(tile, a, k, row, m, from, k);
    if (INPUT) {
      stage_piece<STEP, 64>(tile + 128 * pitch, weight, n, from, k, column, n);
    } else {
      stage_piece<64, STEP>(tile + 128 * pitch, weight, k, column, n, from, k);
    }
  };
  bring(0, 0);
  copy_commit();
  for (int from = 0, buffer = 0; from < k; from += STEP, buffer ^= 1) {
    if (from + STEP < k) bring(from + STEP, buffer ^ 1);
    copy_commit();
    copy_wait<1>();
    barrier();
    const bf16* tile = tiles + buffer * size;
    UNROLL for (int inner = 0; inner < STEP; inner += 16) {
      u32 rows[2][4];
      first_operand<pitch>(rows[0], tile, own_row, inner);
      first_operand<pitch>(rows[1], tile, own_row + 16, inner);
      UNROLL for (int pair = 0; pair < 2; pair++) {
        u32 b[4];
        int at = own_column + pair * 16;
        if (INPUT) {
          second_operand_turned<weight_pitch>(b, tile + 128 * pitch, at, inner);
        } else {
          second_operand<weight_pitch>(b, tile + 128 * pitch, at, inner);
        }
        UNROLL for (int i = 0; i < 2; i++) {
          mma_bf16(d[i][2 * pair], rows[i], b[0], b[1]);
          mma_bf16(d[i][2 * pair + 1], rows[i], b[2], b[3]);
        }
      }
    }
    barrier();
  }
  hand_out<2, 2>(d, row + own_row, column + own_column, m, n, write);
}

KERNEL(256, linear_bf16,
       (int m, int n, int k, const bf16* a, const bf16* weight, const float* bias, bf16* out)) {
  product<false>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    *(u32*)(out + (long)row * n + column) =
        pack_bf16(x + bias_at(bias, column), y + bias_at(bias, column + 1));
  });
}

KERNEL(256, linear_add_bf16,
       (int m, int n, int k, const bf16* a, const bf16* weight, const float* bias,
        const float* addend, float* out)) {
  product<false>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    long at = (long)row * n + column;
    out[at] = x + bias_at(bias, column) + addend[at];
    out[at + 1] = y + bias_at(bias, column + 1) + addend[at + 1];
  });
}

// The backward pass reads the rounded `wide`; so does the function itself.
KERNEL(256, linear_gelu_bf16,
       (int m, int n, int k, const bf16* a, const bf16* weight, const float* bias, bf16* wide,
        bf16* out)) {
  product<false>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    long at = (long)row * n + column;
    u32 pair = pack_bf16(x + bias_at(bias, column), y + bias_at(bias, column + 1));
    *(u32*)(wide + at) = pair;
    *(u32*)(out + at) = pack_bf16(gelu(low(pair)), gelu(high(pair)));
  });
}

KERNEL(256, input_gradient_bf16,
       (int m, int n, int k, const bf16* a, const bf16* weight, bf16* out)) {
  product<true>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    *(u32*)(out + (long)row * n + column) = pack_bf16(x, y);
  });
}

KERNEL(256, input_gradient_full_bf16,
       (int m, int n, int k, const float* a, const bf16* weight, bf16* out)) {
  product<true>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    *(u32*)(out + (long)row * n + column) = pack_bf16(x, y);
  });
}

KERNEL(256, gelu_input_gradient_bf16,
       (int m, int n, int k, const float* a, const bf16* weight, const bf16* wide, bf16* out)) {
  product<true>(m, n, k, a, weight, [&](int row, int column, float x, float y) {
    long at = (long)row * n + column;
    u32 pair = *(const u32*)(wide + at);
    *(u32*)(out + at) = pack_bf16(x * gelu_slope(low(pair)), y * gelu_slope(high(pair)));
  });
}

// partial (pieces, m, n) = aᵀ · b over one piece of the tokens; a (tokens, m), b (tokens, n).
template <typename A>
DEVICE void weight_gradient(int m, int n, int tokens, int quantum, int piece, int per_quantum,
                            const A* a, const bf16* b, float* partial) {
  const int pitch = Pitch<64>::value;
  const int size = 2 * STEP * pitch;
  bf16* tiles = (bf16*)shared_memory();
  Span span = tokens_of_piece(block_z(), per_quantum, piece, quantum, tokens);
  int row = block_x() * 64;
  int column = block_y() * 64;
  int own_row = (warp() & 3) * 16;
  int own_column = (warp() >> 2) * 32;
  float d[1][4][4];
  clear(d[0]);
  auto bring = [&](int from, int buffer) {
    bf16* tile = tiles + buffer * size;
    stage_piece<STEP, 64>(tile, a, m, from, span.end, row, m);
    stage_piece<STEP, 64>(tile + STEP * pitch, b, n, from, span.end, column, n);
  };
  if (span.begin < span.end) bring(span.begin, 0);
  copy_commit();
  for (int from = span.begin, buffer = 0; from < span.end; from += STEP, buffer ^= 1) {
    if (from + STEP < span.end) bring(from + STEP, buffer ^ 1);
    copy_commit();
    copy_wait<1>();
    barrier();
    const bf16* tile = tiles + buffer * size;
    UNROLL for (int inner = 0; inner < STEP; inner += 16) {
      u32 rows[4];
      first_operand_turned<pitch>(rows, tile, own_row, inner);
      UNROLL for (int pair = 0; pair < 2; pair++) {
        u32 columns[4];
        second_operand_turned<pitch>(columns, tile + STEP * pitch, own_column + pair * 16, inner);
        mma_bf16(d[0][2 * pair], rows, columns[0], columns[1]);
        mma_bf16(d[0][2 * pair + 1], rows, columns[2], columns[3]);
      }
    }
    barrier();
  }
  float* out = partial + (long)block_z() * m * n;
  hand_out<1, 2>(d, row + own_row, column + own_column, m, n,
                 [&](int r, int c, float x, float y) {
                   out[(long)r * n + c] = x;
                   out[(long)r * n + c + 1] = y;
                 });
}

KERNEL(256, weight_gradient_bf16,
       (int m, int n, int tokens, int quantum, int piece, int per_quantum, const bf16* a,
        const bf16* b, float* partial)) {
  weight_gradient(m, n, tokens, quantum, piece, per_quantum, a, b, partial);
}

KERNEL(256, weight_gradient_full_bf16,
       (int m, int n, int tokens, int quantum, int piece, int per_quantum, const float* a,
        const bf16* b, float* partial)) {
  weight_gradient(m, n, tokens, quantum, piece, per_quantum, a, b, partial);
}
