// The calls that a program built for no system needs of the C library it is linked with.
#pragma once
long read(int descriptor, void *bytes, unsigned long count);
long write(int descriptor, const void *bytes, unsigned long count);
long atol(const char *text);
