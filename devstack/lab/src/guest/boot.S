/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the multiboot loader (32 bits, no paging) to guest_main in ring 3 of long mode. Ring 3, because KVM without
 * processor support (PVM) runs only that natively: there, unpaged code and ring 0 are emulated, one instruction per
 * half microsecond. So only the code below runs in ring 0. It is entered by int3, which
 * works on hardware, under PVM and under TCG alike.
 */
#define MAGIC 0x1BADB002
#define WANT_MEMORY_SIZE 2

#define KERNEL_CODE 0x08
#define KERNEL_DATA 0x10
#define USER_DATA 0x1b
#define USER_CODE 0x23
#define TASK 0x28

#define PRESENT_WRITABLE_USER 0x07
#define LARGE_PAGE 0x80
#define LARGE_PAGE_SIZE 0x200000
#define INTERRUPTS_ENABLED 0x202

#define VECTORS 48
#define BREAKPOINT 3
#define TIMER 32
#define SPURIOUS 39
#define KERNEL_GATE 0x8e00
#define USER_GATE 0xee00

    .section .multiboot, "a"
    .align 4
    .long MAGIC, WANT_MEMORY_SIZE, -(MAGIC + WANT_MEMORY_SIZE)

    .text
    .code32
    .global start
start:
    cli
    cld
    mov $controllers, %esi
    xor %edx, %edx
1:  lodsw
    mov %al, %dl
    mov %ah, %al
    out %al, %dx
    cmp $controllers_end, %esi
    jne 1b
    mov %ebx, %esi              /* multiboot information, for guest_main */

    movl $directories + PRESENT_WRITABLE_USER, root     /* 4 GiB, each address mapped to itself */
    mov $tables + PRESENT_WRITABLE_USER, %eax
    mov $directories, %edi
1:  mov %eax, (%edi)
    add $8, %edi
    add $4096, %eax
    cmp $directories + 4 * 8, %edi
    jne 1b
    mov $LARGE_PAGE + PRESENT_WRITABLE_USER, %eax
    mov $tables, %edi
2:  mov %eax, (%edi)
    add $8, %edi
    add $LARGE_PAGE_SIZE, %eax
    cmp $tables + 4 * 4096, %edi
    jne 2b

    mov $0x20, %eax             /* CR4.PAE, EFER.LME, CR0.PG: long mode */
    mov %eax, %cr4
    mov $root, %eax
    mov %eax, %cr3
    mov $0xC0000080, %ecx
    rdmsr
    or $0x100, %eax
    wrmsr
    mov %cr0, %eax
    or $0x80000001, %eax
    mov %eax, %cr0
    lgdt gdt_register
    ljmp $KERNEL_CODE, $3f

    .code64
3:  mov $KERNEL_DATA, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov $kernel_stack_top, %esp

    mov $idt, %edi
4:  mov $on_exception, %eax
    mov $KERNEL_GATE, %edx
    call set_gate
    cmp $idt + VECTORS * 16, %edi
    jne 4b
    mov $idt + BREAKPOINT * 16, %edi
    mov $on_service, %eax
    mov $USER_GATE, %edx
    call set_gate
    mov $idt + TIMER * 16, %edi
    mov $on_timer, %eax
    mov $KERNEL_GATE, %edx
    call set_gate
    mov $idt + SPURIOUS * 16, %edi
    mov $on_spurious, %eax
    call set_gate
    lidt idt_register

    mov $task_state, %eax       /* tells the processor the stack of ring 0 */
    mov %ax, gdt + TASK + 2
    shr $16, %eax
    mov %al, gdt + TASK + 4
    mov %ah, gdt + TASK + 7
    movq $kernel_stack_top, task_state + 4
    mov $TASK, %eax
    ltr %ax

    mov $guest_main, %eax
    mov %esi, %edi
    jmp enter_user

/* %edi: the gate, then the one after it; %eax: the handler; %edx: the kind of gate */
set_gate:
    mov %ax, (%rdi)
    movw $KERNEL_CODE, 2(%rdi)
    mov %dx, 4(%rdi)
    shr $16, %eax
    mov %eax, 6(%rdi)
    add $16, %edi
    ret

/* %rax: the function to run in ring 3, on an empty stack whose return address is a place to stop */
enter_user:
    movq $0, user_stack_top - 8
    push $USER_DATA
    push $user_stack_top - 8
    push $INTERRUPTS_ENABLED
    push $USER_CODE
    push %rax
    iretq

/* supervisor.h: %ecx says what, %edx the port, %eax the value */
on_service:
    cmp $1, %ecx
    je 1f
    ja 2f
    out %al, %dx
    iretq
1:  in %dx, %al
    iretq
2:  cmp %eax, timer_ticks
    jne 3f
    sti                         /* takes effect after hlt has begun: no interrupt is slept over */
    hlt
3:  iretq

on_timer:
    incl timer_ticks
    push %rax
    mov $0x20, %al              /* end of interrupt */
    out %al, $0x20
    pop %rax
    iretq

/* The controller's answer to an interrupt that went away again: it expects no end of interrupt. */
on_spurious:
    iretq

on_exception:
    mov $kernel_stack_top, %rsp
    mov $guest_failed, %eax
    jmp enter_user

    .data
/*
 * Ports and bytes that move the interrupts away from the processor's exceptions and mask all of them, because the BIOS left
 * some enabled. They are sent before interrupts are enabled, because the first byte clears all masks.
 */
controllers:
    .byte 0x20, 0x11, 0xa0, 0x11
    .byte 0x21, TIMER, 0xa1, TIMER + 8
    .byte 0x21, 4, 0xa1, 2
    .byte 0x21, 1, 0xa1, 1
    .byte 0x21, 0xff, 0xa1, 0xff
controllers_end:
    .align 8
gdt:
    .quad 0
    .quad 0x00AF9A000000FFFF    /* kernel code, 64 bits */
    .quad 0x00CF92000000FFFF    /* kernel data */
    .quad 0x00CFF2000000FFFF    /* user data */
    .quad 0x00AFFA000000FFFF    /* user code, 64 bits */
    .quad 0x0000890000000067    /* task state; its address is filled in */
    .quad 0
gdt_register:
    .word . - gdt - 1
    .quad gdt
idt_register:
    .word VECTORS * 16 - 1
    .quad idt

    .bss
    .align 4096
root:
    .skip 4096
directories:
    .skip 4096
tables:
    .skip 4 * 4096
idt:
    .skip VECTORS * 16
task_state:
    .skip 104
    .global timer_ticks
timer_ticks:
    .skip 4
    .align 16
    .skip 4096
kernel_stack_top:
    .skip 16384
user_stack_top:

    .section .note.GNU-stack, "", @progbits
