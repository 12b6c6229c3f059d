#ifndef CTIFF_SHIM_H
#define CTIFF_SHIM_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <tiffio.h>
#include <unistd.h>

// The first complaint since the message was cleared. libtiff would print it.
typedef struct {
  char text[512];
} ctiff_message;

static inline const char *ctiff_text(const ctiff_message *message) { return message->text; }

static inline void ctiff_note(ctiff_message *message, const char *format, va_list arguments) {
  if (message->text[0] == 0) vsnprintf(message->text, sizeof message->text, format, arguments);
}

// "r" to read, "m" without memory mapping (a file cut while it is read would be a SIGBUS),
// "c" without chopping large strips into small ones.
#define CTIFF_MODE "rmc"

#if TIFFLIB_VERSION >= 20221213  // 4.5: handlers and an allocation limit for each open file

static inline int ctiff_on_error(TIFF *file, void *user, const char *module, const char *format,
                                 va_list arguments) {
  (void)file;
  (void)module;
  ctiff_note((ctiff_message *)user, format, arguments);
  return 1;
}

static inline int ctiff_on_warning(TIFF *file, void *user, const char *module, const char *format,
                                   va_list arguments) {
  (void)file;
  (void)user;
  (void)module;
  (void)format;
  (void)arguments;
  return 1;
}

static inline void ctiff_clear(ctiff_message *message) { message->text[0] = 0; }

static inline void ctiff_fetch(ctiff_message *message) { (void)message; }

static inline TIFF *ctiff_open(int descriptor, const char *path, int64_t limit,
                               ctiff_message *message) {
  ctiff_clear(message);
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!options) {
    close(descriptor);
    return NULL;
  }
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)limit);
  TIFFOpenOptionsSetErrorHandlerExtR(options, ctiff_on_error, message);
  TIFFOpenOptionsSetWarningHandlerExtR(options, ctiff_on_warning, message);
  TIFF *file = TIFFFdOpenExt(descriptor, path, CTIFF_MODE, options);
  TIFFOpenOptionsFree(options);
  if (!file) close(descriptor);
  return file;
}

#else  // older: one handler for the process, one message for each thread

static inline ctiff_message *ctiff_thread_message(void) {
  static _Thread_local ctiff_message message;
  return &message;
}

static inline void ctiff_on_error(thandle_t handle, const char *module, const char *format,
                                  va_list arguments) {
  (void)handle;
  (void)module;
  ctiff_note(ctiff_thread_message(), format, arguments);
}

static inline void ctiff_clear(ctiff_message *message) {
  message->text[0] = 0;
  ctiff_thread_message()->text[0] = 0;
}

static inline void ctiff_fetch(ctiff_message *message) { *message = *ctiff_thread_message(); }

static inline TIFF *ctiff_open(int descriptor, const char *path, int64_t limit,
                               ctiff_message *message) {
  (void)limit;
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
  TIFFSetErrorHandlerExt(ctiff_on_error);
  ctiff_clear(message);
  TIFF *file = TIFFFdOpen(descriptor, path, CTIFF_MODE);
  if (!file) close(descriptor);
  return file;
}

#endif

// TIFFGetField is variadic, which Swift cannot call. Each function below fixes one type and
// returns 1 when the tag is present (or has a default).
static inline int ctiff_get_u16(TIFF *file, uint32_t tag, uint16_t *value) {
  return TIFFGetFieldDefaulted(file, tag, value);
}
static inline int ctiff_get_u32(TIFF *file, uint32_t tag, uint32_t *value) {
  return TIFFGetField(file, tag, value);
}
static inline int ctiff_get_float(TIFF *file, uint32_t tag, float *value) {
  return TIFFGetField(file, tag, value);
}
static inline const char *ctiff_get_text(TIFF *file, uint32_t tag) {
  const char *text = NULL;
  return TIFFGetField(file, tag, &text) == 1 ? text : NULL;
}

#endif
