#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_TRUETYPE_TABLES_H

// A macro that makes a number, which Swift does not see.
static const FT_Int32 ft_load_target_light = FT_LOAD_TARGET_LIGHT;
