// Linear maps, float32 mode: any sizes, plain multiply-adds. A block of 256 threads owns a 64 x 64
// tile of the output, a thread 4 x 4 of it, and every sum runs in the order of the inner dimension.
#pragma once
#include "products.cuh"

static const int FLOAT_STEP = 16;
static const int FLOAT_PITCH = 68;

// Copies a (64, 16) piece at (row, inner) into a tile (16, 64); ALONG says whether the inner
// dimension runs along the matrix's rows.
template <bool ALONG>
DEVICE void stage_floats(float* tile, const float* matrix, int width, int row, int row_end,
                         int inner, int inner_end) {
  for (int i = thread(); i < 64 * FLOAT_STEP; i += 256) {
    int r = ALONG ? i / FLOAT_STEP : i % 64;
    int k = ALONG ? i % FLOAT_STEP : i / 64;
    bool present = row + r < row_end && inner + k < inner_end;
    long at = ALONG ? (long)(row + r) * width + inner + k : (long)(inner + k) * width + row + r;
    tile[k * FLOAT_PITCH + r] = present ? matrix[at] : 0;
  }
}

// out[i][j] = Σ a[i][inner] · b[j][inner] over [begin, end); A_ALONG, B_ALONG as above.
template <bool A_ALONG, bool B_ALONG, typename Write>
DEVICE void float_product(int m, int n, int begin, int end, const float* a, int a_width,
                          const float* b, int b_width, Write write) {
  float* a_tile = (float*)shared_memory();
  float* b_tile = a_tile + FLOAT_STEP * FLOAT_PITCH;
  int row = block_x() * 64;
  int column = block_y() * 64;
  int own_row = thread() / 16 * 4;
  int own_column = thread() % 16 * 4;
  float d[4][4];
  clear(d);
  for (int inner = begin; inner < end; inner += FLOAT_STEP) {
    stage_floats<A_ALONG>(a_tile, a, a_width, row, m, inner, end);
    stage_floats<B_ALONG>(b_tile, b, b_width, column, n, inner, end);
    barrier();
    UNROLL for (int k = 0; k < FLOAT_STEP; k++) {
      UNROLL for (int i = 0; i < 4; i++) {
        UNROLL for (int j = 0; j < 4; j++) {
          d[i][j] = fmaf(a_tile[k * FLOAT_PITCH + own_row + i],
                         b_tile[k * FLOAT_PITCH + own_column + j], d[i][j]);
        }
      }
    }
    barrier();
  }
  UNROLL for (int i = 0; i < 4; i++) {
    UNROLL for (int j = 0; j < 4; j++) {
      int r = row + own_row + i;
      int c = column + own_column + j;
      if (r < m && c < n) write(r, c, d[i][j]);
    }
  }
}

KERNEL(256, linear_f32,
       (int m, int n, int k, const float* a, const float* weight, const float* bias, float* out)) {
  float_product<true, true>(m, n, 0, k, a, k, weight, k, [&](int row, int column, float x) {
    out[(long)row * n + column] = x + bias_at(bias, column);
  });
}

KERNEL(256, linear_add_f32,
       (int m, int n, int k, const float* a, const float* weight, const float* bias,
        const float* addend, float* out)) {
  float_product<true, true>(m, n, 0, k, a, k, weight, k, [&](int row, int column, float x) {
    long at = (long)row * n + column;
    out[at] = x + bias_at(bias, column) + addend[at];
  });
}

KERNEL(256, linear_gelu_f32,
       (int m, int n, int k, const float* a, const float* weight, const float* bias, float* wide,
        float* out)) {
  float_product<true, true>(m, n, 0, k, a, k, weight, k, [&](int row, int column, float x) {
    long at = (long)row * n + column;
    wide[at] = x + bias_at(bias, column);
    out[at] = gelu(wide[at]);
  });
}

KERNEL(256, input_gradient_f32,
       (int m, int n, int k, const float* a, const float* weight, float* out)) {
  float_product<true, false>(m, n, 0, k, a, k, weight, n, [&](int row, int column, float x) {
    out[(long)row * n + column] = x;
  });
}

KERNEL(256, gelu_input_gradient_f32,
       (int m, int n, int k, const float* a, const float* weight, const float* wide, float* out)) {
  float_product<true, false>(m, n, 0, k, a, k, weight, n, [&](int row, int column, float x) {
    long at = (long)row * n + column;
    out[at] = x * gelu_slope(wide[at]);
  });
}

KERNEL(256, weight_gradient_f32,
       (int m, int n, int tokens, int quantum, int piece, int per_quantum, const float* a,
        const float* b, float* partial)) {
  Span span = tokens_of_piece(block_z(), per_quantum, piece, quantum, tokens);
  float* out = partial + (long)block_z() * m * n;
  float_product<false, false>(
      m, n, span.begin, span.end, a, m, b, n,
      [&](int row, int column, float x) { out[(long)row * n + column] = x; });
}
