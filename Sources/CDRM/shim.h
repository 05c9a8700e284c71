#include <errno.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include <drm_fourcc.h>

// Macros with arguments made these, so Swift does not see them.
static const uint32_t drm_format_xrgb8888 = DRM_FORMAT_XRGB8888;
static const uint32_t drm_format_xbgr8888 = DRM_FORMAT_XBGR8888;
static const uint32_t drm_format_rgb888 = DRM_FORMAT_RGB888;
static const uint32_t drm_format_rgb565 = DRM_FORMAT_RGB565;
