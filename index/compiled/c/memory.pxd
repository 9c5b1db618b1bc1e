"""`index/compiled/memory.py` as C has it: `from index.compiled.c cimport memory`."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t


cdef extern from *:
    """
    #include <stdlib.h>
    #include <string.h>
    /* CYTHON_UNUSED first: where it is [[maybe_unused]], as in C23, no declaration has it later. */
    CYTHON_UNUSED static void* memory_or_error(void* made) {
        if (made == NULL) PyErr_NoMemory();
        return made;
    }
    CYTHON_UNUSED static size_t memory_size(Py_ssize_t count, size_t size) {
        /* Too much for any machine, rather than too little, where a product would not fit. */
        return count < 1 ? size : (size_t)count > PY_SSIZE_T_MAX / size ? PY_SSIZE_T_MAX : (size_t)count * size;
    }
    #define memory_new(type, count) ((type*)memory_or_error(calloc(1, memory_size(count, sizeof(type)))))
    #define memory_room(type, count) ((type*)memory_or_error(malloc(memory_size(count, sizeof(type)))))
    #define memory_longer(type, numbers, room) ((type*)memory_or_error(realloc(numbers, memory_size(room, sizeof(type)))))
    #define memory_copy(to, place, from, first, count) memmove((to) + (place), (from) + (first), (count) * sizeof(*(to)))
    #define memory_new_bytes(count) memory_new(uint8_t, count)
    #define memory_new_ints(count) memory_new(int32_t, count)
    #define memory_new_longs(count) memory_new(int64_t, count)
    #define memory_new_words(count) memory_new(uint64_t, count)
    #define memory_new_floats(count) memory_new(float, count)
    #define memory_new_doubles(count) memory_new(double, count)
    #define memory_room_for_ints(count) memory_room(int32_t, count)
    #define memory_room_for_longs(count) memory_room(int64_t, count)
    #define memory_room_for_floats(count) memory_room(float, count)
    #define memory_room_for_doubles(count) memory_room(double, count)
    #define memory_longer_ints(numbers, count, room) memory_longer(int32_t, numbers, room)
    #define memory_longer_longs(numbers, count, room) memory_longer(int64_t, numbers, room)
    CYTHON_UNUSED static int memory_compare_longs(const void* one, const void* other) {
        int64_t a = *(const int64_t*)one, b = *(const int64_t*)other;
        return (a > b) - (a < b);
    }
    #define memory_release(numbers) free((void*)(numbers))
    #define memory_sort_longs(numbers, count) qsort(numbers, count, 8, memory_compare_longs)
    """
    uint8_t* new_bytes "memory_new_bytes" (Py_ssize_t count) except NULL
    int32_t* new_ints "memory_new_ints" (Py_ssize_t count) except NULL
    int64_t* new_longs "memory_new_longs" (Py_ssize_t count) except NULL
    uint64_t* new_words "memory_new_words" (Py_ssize_t count) except NULL
    float* new_floats "memory_new_floats" (Py_ssize_t count) except NULL
    double* new_doubles "memory_new_doubles" (Py_ssize_t count) except NULL

    int32_t* room_for_ints "memory_room_for_ints" (Py_ssize_t count) except NULL
    int64_t* room_for_longs "memory_room_for_longs" (Py_ssize_t count) except NULL
    float* room_for_floats "memory_room_for_floats" (Py_ssize_t count) except NULL
    double* room_for_doubles "memory_room_for_doubles" (Py_ssize_t count) except NULL

    int32_t* longer_ints "memory_longer_ints" (int32_t* numbers, Py_ssize_t count, Py_ssize_t room) except NULL
    int64_t* longer_longs "memory_longer_longs" (int64_t* numbers, Py_ssize_t count, Py_ssize_t room) except NULL

    void copy_ints "memory_copy" (int32_t* to, Py_ssize_t place, const int32_t* source, Py_ssize_t first, Py_ssize_t count) nogil
    void copy_longs "memory_copy" (int64_t* to, Py_ssize_t place, const int64_t* source, Py_ssize_t first, Py_ssize_t count) nogil
    void copy_floats "memory_copy" (float* to, Py_ssize_t place, const float* source, Py_ssize_t first, Py_ssize_t count) nogil

    void sort_longs "memory_sort_longs" (int64_t* numbers, Py_ssize_t count) nogil
    void release "memory_release" (const void* numbers) nogil
