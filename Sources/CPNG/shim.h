#include <png.h>

// A macro with arguments, which Swift cannot call: an upper bound of the file that libpng makes of an image.
static inline size_t png_image_size_bound(const png_image *image) { return PNG_IMAGE_PNG_SIZE_MAX(*image); }
// Macros made of macros, which Swift does not see.
static const png_uint_32 png_format_rgba = PNG_FORMAT_RGBA;
static const png_uint_32 png_format_linear_alpha = PNG_FORMAT_LINEAR_RGB_ALPHA;
